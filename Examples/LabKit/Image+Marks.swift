import Ductus

extension Image {
    /// A grayscale image with its pixels tinted by class: 1 is red, 2 is blue.
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
    /// Draws the frame of a box.
    public mutating func frame(_ box: Box, in color: Color, thickness: Int = 1) {
        drawRectangle(x: box.x, y: box.y, width: box.width, height: box.height, color: color, thickness: thickness)
    }
}
