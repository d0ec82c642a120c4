import Ductus

extension Image {
    /// Pictures in rows on white, `gap` pixels between them.
    public static func sheet(_ rows: [[Image]], gap: Int = 4) -> Image {
        let strips = rows.filter { !$0.isEmpty }.map { row in
            let height = row.map(\.height).max() ?? 0
            return row.map {
                $0.rgb().padded(top: gap, left: gap, bottom: height - $0.height, fill: 255)
            }.reduce(Image(width: 0, height: gap + height, channels: 3, filledWith: 255)) { $0.beside($1) }
        }
        let width = (strips.map(\.width).max() ?? 0) + gap
        let padded = strips.map { $0.padded(right: width - $0.width, fill: 255) }
        return Image(
            width: width, height: padded.reduce(0) { $0 + $1.height }, channels: 3, pixels: padded.flatMap(\.pixels)
        ).padded(bottom: gap, fill: 255)
    }

    /// Two pictures of one height, left and right.
    private func beside(_ other: Image) -> Image {
        let (left, right) = (width * channels, other.width * channels)
        var rows: [UInt8] = []
        for row in 0..<height {
            rows += pixels[row * left..<(row + 1) * left]
            rows += other.pixels[row * right..<(row + 1) * right]
        }
        return Image(width: width + other.width, height: height, channels: channels, pixels: rows)
    }

    /// A gray picture with its pixels tinted by class: 1 red, 2 blue.
    public func tinted(by labels: [UInt8]) -> Image {
        let tints: [(red: Int, green: Int, blue: Int)] = [(255, 255, 255), (255, 190, 185), (180, 205, 255)]
        let colors = zip(pixels, labels).flatMap { gray, label -> [UInt8] in
            let tint = tints[Int(label)]
            return [tint.red, tint.green, tint.blue].map { UInt8($0 * Int(gray) / 255) }
        }
        return Image(width: width, height: height, channels: 3, pixels: colors)
    }
}

extension Image {
    /// Frames a box.
    public mutating func frame(_ box: Box, in color: Color, thickness: Int = 1) {
        drawRectangle(x: box.x, y: box.y, width: box.width, height: box.height, color: color, thickness: thickness)
    }
}
