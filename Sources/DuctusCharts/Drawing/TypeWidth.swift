extension String {
    /// The width of a line of type in Helvetica, whose widths Arial and Liberation Sans share. Charts are laid out with it,
    /// so that they are the same wherever they are drawn.
    package func typeWidth(size: Double) -> Double {
        unicodeScalars.reduce(0) { width, scalar in
            let index = Int(scalar.value) - 32
            let known = Self.helvetica.indices.contains(index)
            return width + Double(known ? Self.helvetica[index] : scalar.properties.isMark ? 0 : 556)
        } * size / 1000
    }

    /// The text, with an ellipsis in place of its end if it is wider than a limit.
    package func shortened(to limit: Double, size: Double) -> String {
        guard typeWidth(size: size) > limit else { return self }
        var text = self
        while !text.isEmpty, (text + "…").typeWidth(size: size) > limit { text.removeLast() }
        return text + "…"
    }

    /// The advance widths of the characters from the space to the tilde, in thousandths of the size; Adobe Font Metrics.
    private static let helvetica = [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556,
        556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667,
        556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556,
        556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722,
        500, 500, 500, 334, 260, 334, 584,
    ]
}

extension Unicode.Scalar.Properties {
    /// Whether the scalar stands above or below the one before it.
    fileprivate var isMark: Bool { generalCategory == .nonspacingMark }
}
