import Ductus

extension Image {
    /// A confusion matrix: rows are true classes, columns predicted classes. Correct predictions are blue, errors red;
    /// the darker, the larger their share of the row. Errors are scaled so that a twentieth is clearly visible.
    public static func confusion(_ matrix: ConfusionMatrix, cell: Int = 11) -> Image {
        let margin = 28
        let side = margin + matrix.classNames.count * cell + 4
        var image = Image(width: side, height: side, channels: 3, filledWith: 255)
        for truth in matrix.classNames.indices {
            for answer in matrix.classNames.indices {
                let share = matrix.share(of: truth, takenFor: answer)
                image.fill(
                    x: margin + answer * cell, y: margin + truth * cell, width: cell - 1, height: cell - 1,
                    color: truth == answer ? .shade(of: .blue, share) : .shade(of: .red, share.squareRoot()))
            }
        }
        for (index, name) in matrix.classNames.enumerated() {
            let start = margin + index * cell
            image.draw(name, x: start + (cell - 1 - textWidth(name)) / 2, y: margin - textHeight - 3)
            image.draw(name, x: margin - textWidth(name) - 3, y: start + (cell - 1 - textHeight) / 2)
        }
        image.draw("answer", x: margin, y: 4)
        for (row, letter) in "truth".enumerated() {
            image.draw("\(letter)", x: 4, y: margin + row * (textHeight + 2))
        }
        return image
    }
}

extension Image.Color {
    /// From almost white for 0 to the color for 1.
    fileprivate static func shade(of color: Image.Color, _ share: Double) -> Image.Color {
        func mixed(_ sample: UInt8) -> UInt8 { UInt8(244 + (Double(sample) - 244) * min(max(share, 0), 1)) }
        return .init(red: mixed(color.red), green: mixed(color.green), blue: mixed(color.blue))
    }
}
