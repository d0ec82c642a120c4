extension Image {
    /// A contact sheet: images in rows on white, `gap` pixels apart.
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

    /// Two images of the same height, side by side.
    private func beside(_ other: Image) -> Image {
        let (left, right) = (width * channels, other.width * channels)
        var rows: [UInt8] = []
        for row in 0..<height {
            rows += pixels[row * left..<(row + 1) * left]
            rows += other.pixels[row * right..<(row + 1) * right]
        }
        return Image(width: width + other.width, height: height, channels: channels, pixels: rows)
    }

    /// The image of a network's input, `[height, width, 1]` with ink up to 1: dark on light. What is no number is no ink.
    public init(ink: Tensor<Float>) {
        precondition(ink.rank == 3 && ink.shape[2] == 1, "An input has the shape [height, width, 1], not \(ink.shape).")
        // The larger of 0 and NaN in this order is 0.
        let pixels = ink.withUnsafeBuffer { $0.map { UInt8(255 - 255 * min(max(0, $0), 1)) } }
        self.init(width: ink.shape[1], height: ink.shape[0], channels: 1, pixels: pixels)
    }
}
