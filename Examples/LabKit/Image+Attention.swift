import Ductus

extension Image {
    /// A line and, below it, the attention weights of every generated token, normalized by their maximum. A space is
    /// labeled with an underscore.
    ///
    /// - Parameters:
    ///   - line: `[height, width, 1]`, ink up to 1 on a background of 0.
    ///   - labels: the generated tokens.
    ///   - weights: the attention weights, `[tokens, steps]`.
    ///   - step: the number of columns per step of the network.
    ///   - window: the receptive field of a step in columns; that of the first starts at column 0.
    ///   - scale: the number of pixels per column.
    /// - Throws: `TypefaceError` if there is no font.
    public static func attention(
        _ line: Tensor<Float>, _ labels: [String], _ weights: Tensor<Float>, step: Int = 4, window: Int = 28,
        scale: Int = 2
    ) throws -> Image {
        let (height, width) = (line.shape[0], line.shape[1])
        let (margin, row) = (30, 14)
        var picture = Image(
            width: width, height: height, channels: 1, pixels: line.scalars.map { UInt8(255 * (1 - $0)) }
        ).resized(width: scale * width, height: scale * height).rgb()
            .padded(left: margin, bottom: row * labels.count, fill: 255)
        for (number, label) in labels.enumerated() {
            let color = number.isMultiple(of: 2) ? Color.red : .blue
            let y = scale * height + row * number
            try picture.draw(label == " " ? "_" : label, x: margin / 2, y: y + 1, size: 13, .middle, color: color)
            let shares = weights.row(number).scalars
            let largest = shares.max() ?? 1
            for (place, share) in shares.enumerated() {
                // A step is drawn at the center of its receptive field.
                let x = margin + scale * (step * place + (window - step) / 2)
                picture.fill(
                    x: x, y: y, width: scale * step, height: row - 2, color: color.faded(to: Double(share / largest)))
            }
        }
        return picture
    }
}

extension Image.Color {
    /// The color mixed with white.
    fileprivate func faded(to share: Double) -> Image.Color {
        func faded(_ value: UInt8) -> UInt8 { UInt8(255 - share * Double(255 - value)) }
        return Image.Color(red: faded(red), green: faded(green), blue: faded(blue))
    }
}
