import Ductus

extension Image {
    /// A line as a network sees it; below it a row for every token that the network wrote: the columns where it looked,
    /// those where it looked most in full color. A space is an underscore.
    ///
    /// - Parameters:
    ///   - line: `[height, width, 1]`, ink up to 1 on 0.
    ///   - labels: what the network wrote, token by token.
    ///   - weights: `[tokens, steps]`.
    ///   - step: columns from one of the network's steps to the next.
    ///   - window: columns that a step sees; the first begins with the line.
    ///   - scale: pixels a column.
    public static func attention(
        _ line: Tensor<Float>, _ labels: [String], _ weights: Tensor<Float>, step: Int = 4, window: Int = 28,
        scale: Int = 2
    ) -> Image {
        let (height, width) = (line.shape[0], line.shape[1])
        let (margin, row) = (22, 9)
        var picture = Image(
            width: width, height: height, channels: 1, pixels: line.scalars.map { UInt8(255 * (1 - $0)) }
        ).resized(width: scale * width, height: scale * height).rgb()
            .padded(left: margin, bottom: row * labels.count, fill: 255)
        for (number, label) in labels.enumerated() {
            let color = number.isMultiple(of: 2) ? Color.red : .blue
            let y = scale * height + row * number
            picture.draw(label == " " ? "_" : label, x: 2, y: y, color: color)
            let shares = weights.row(number).scalars
            let largest = shares.max() ?? 1
            for (place, share) in shares.enumerated() {
                // The middle of what a step sees is what it is about.
                let x = margin + scale * (step * place + (window - step) / 2)
                picture.fill(
                    x: x, y: y, width: scale * step, height: row - 2, color: color.faded(to: Double(share / largest)))
            }
        }
        return picture
    }
}

extension Image.Color {
    /// So much of the color, the rest white.
    fileprivate func faded(to share: Double) -> Image.Color {
        func faded(_ value: UInt8) -> UInt8 { UInt8(255 - share * Double(255 - value)) }
        return Image.Color(red: faded(red), green: faded(green), blue: faded(blue))
    }
}
