extension Image {
    /// A contact sheet of classes: for each its mean and deviation, its most typical examples, and its least typical
    /// ones in red frames.
    ///
    /// - Parameters:
    ///   - classes: the classes to show.
    ///   - data: the examples of the classes.
    ///   - count: the number of examples of either sort.
    ///   - columns: the number of classes in a row.
    public static func sheet(
        of classes: [ExampleClass], in data: ExampleCache, examples count: Int = 6, columns: Int = 2
    ) -> Image {
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
