import DuctusTensors

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

    /// A network's input as people look at it: `[height, width, 1]`, ink up to 1 → dark on light.
    public init(ink: Tensor<Float>) {
        precondition(ink.rank == 3 && ink.shape[2] == 1, "Ink is [height, width, 1], not \(ink.shape).")
        let pixels = ink.withUnsafeBuffer { $0.map { UInt8(255 - 255 * min(max($0, 0), 1)) } }
        self.init(width: ink.shape[1], height: ink.shape[0], channels: 1, pixels: pixels)
    }

    /// Classes side by side: of each the mean and the deviation, the examples that are most like the mean, and those
    /// that are least, in red frames.
    ///
    /// - Parameters:
    ///   - classes: what is shown.
    ///   - data: what the classes are of.
    ///   - count: how many examples of either sort.
    ///   - columns: how many classes stand in a row.
    public static func sheet(
        of classes: [ExampleClass], in data: ExampleCache, examples count: Int = 6, columns: Int = 2
    )
        -> Image
    {
        precondition(columns > 0, "A sheet has at least one column.")
        let strips = classes.map { one in
            let typical = one.typical(count).map { Image(ink: data.examples[$0].input).rgb() }
            let atypical = one.atypical(count).map { index in
                var image = Image(ink: data.examples[index].input).rgb()
                image.drawRectangle(x: 0, y: 0, width: image.width, height: image.height, color: .red)
                return image
            }
            let summary = [one.mean, one.deviation].map { Image(ink: $0).rgb() }
            let blank = Image(width: summary[0].width, height: summary[0].height, channels: 3, filledWith: 255)
            let missing = [Image](repeating: blank, count: max(0, count - one.count))
            return sheet([summary + typical + missing + atypical + missing], gap: 2)
        }
        return sheet(
            stride(from: 0, to: strips.count, by: columns).map { Array(strips[$0..<min($0 + columns, strips.count)]) })
    }
}
