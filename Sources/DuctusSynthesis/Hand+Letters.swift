import DuctusData

extension Hand {
    /// The outlines of a text set on a level baseline, from x = 0.
    package func letters(_ text: String, using random: inout RandomStream) throws(SynthesisError) -> Contours {
        let missing = font.missingCharacters(in: text)
        guard missing.isEmpty else { throw .lacksCharacters(font: font.name, characters: missing) }
        var result: Contours = []
        var pen: Float = 0
        for word in text.composedScalars.split(whereSeparator: \.properties.isWhitespace) {
            if pen > 0 { pen += max(0.6, Float(wordSpacing) + random.normal(0.2 * unrest)) }
            let (letters, length) = letters(of: word, using: &random)
            let size = max(0.7, 1 + random.normal(0.03 * unrest))
            let axis = direction(random.normal(standardDeviation: 0.015 * unrest)) * size
            let place = Point(pen, random.normal(0.07 * unrest))
            result += letters.map { $0.placed(at: place, along: axis) }
            pen += length * size
        }
        return result
    }

    /// The outlines of a word's letters, and where the pen is after them.
    private func letters(
        of word: some Collection<Unicode.Scalar>, using random: inout RandomStream
    ) -> (letters: Contours, length: Float) {
        var (result, pen, lift): (Contours, Float, Float) = ([], 0, 0)
        var last: Unicode.Scalar?
        // Letters that touch must meet, so they are free to be wider or narrower, and hardly more.
        let freedom = font.isJoined ? 0.15 * unrest : unrest
        for scalar in word {
            guard let glyph = font.glyphs[scalar] else { continue }
            if let last { pen += font.kerning[.init(left: last, right: scalar), default: 0] }
            last = scalar
            lift += random.normal(0.025 * freedom) - 0.2 * lift
            let size = Point(max(0.7, 1 + random.normal(0.06 * unrest)), max(0.7, 1 + random.normal(0.05 * freedom)))
            let axis = direction(random.normal(standardDeviation: 0.035 * freedom))
            result += glyph.contours.map { contour in
                contour.map { proportioned($0) * size }.placed(at: Point(pen, lift), along: axis)
            }
            pen += glyph.advance * size.x
            if !font.isJoined { pen += Float(letterSpacing) + random.normal(0.03 * unrest) }
        }
        return (result, pen)
    }

    /// A point of a letter, with the heights above the x and below the baseline that this hand gives them.
    private func proportioned(_ point: Point) -> Point {
        if point.y > 1 { return Point(point.x, 1 + (point.y - 1) * Float(ascent)) }
        return point.y < 0 ? Point(point.x, point.y * Float(descent)) : point
    }
}

extension [Point] {
    /// The points in other axes: the origin goes to a place, and x along a vector, whose length enlarges.
    fileprivate func placed(at place: Point, along axis: Point) -> [Point] {
        map { place + axis * $0.x + axis.perpendicular * $0.y }
    }
}
