import DuctusData

extension Hand {
    /// The outlines of a text on a level baseline, starting at x = 0.
    package func letters(_ text: String, using random: inout RandomStream) throws(SynthesisError) -> Contours {
        let missing = font.missingCharacters(in: text)
        guard missing.isEmpty else { throw .missingCharacters(font: font.name, characters: missing) }
        var result: Contours = []
        var pen: Float = 0
        for word in text.composedScalars.split(whereSeparator: \.properties.isWhitespace) {
            if pen > 0 { pen += max(0.6, Float(wordSpacing) + random.normal(0.2 * irregularity)) }
            let (letters, length) = letters(of: word, using: &random)
            let size = max(0.7, 1 + random.normal(0.03 * irregularity))
            let axis = direction(random.normal(standardDeviation: 0.015 * irregularity)) * size
            let place = Point(pen, random.normal(0.07 * irregularity))
            result += letters.map { $0.placed(at: place, along: axis) }
            pen += length * size
        }
        return result
    }

    /// The outlines of the letters of a word, and the position of the pen after them.
    private func letters(
        of word: some Collection<Unicode.Scalar>, using random: inout RandomStream
    ) -> (letters: Contours, length: Float) {
        var (result, pen, lift): (Contours, Float, Float) = ([], 0, 0)
        var last: Unicode.Scalar?
        // Connected letters must still meet, so apart from their width they vary only little.
        let freedom = font.isConnected ? 0.15 * irregularity : irregularity
        for scalar in word {
            guard let glyph = font.glyphs[scalar] else { continue }
            if let last { pen += font.kerning[.init(left: last, right: scalar), default: 0] }
            last = scalar
            lift += random.normal(0.025 * freedom) - 0.2 * lift
            let size = Point(
                max(0.7, 1 + random.normal(0.06 * irregularity)), max(0.7, 1 + random.normal(0.05 * freedom)))
            let axis = direction(random.normal(standardDeviation: 0.035 * freedom))
            result += glyph.contours.map { contour in
                contour.map { proportioned($0) * size }.placed(at: Point(pen, lift), along: axis)
            }
            pen += glyph.advance * size.x
            if !font.isConnected { pen += Float(letterSpacing) + random.normal(0.03 * irregularity) }
        }
        return (result, pen)
    }

    /// A point of a letter, with the ascenders and descenders stretched as in this hand.
    private func proportioned(_ point: Point) -> Point {
        if point.y > 1 { return Point(point.x, 1 + (point.y - 1) * Float(ascent)) }
        return point.y < 0 ? Point(point.x, point.y * Float(descent)) : point
    }
}

extension [Point] {
    /// The points translated to `place`, and rotated and scaled so that the x axis points along `axis`.
    fileprivate func placed(at place: Point, along axis: Point) -> [Point] {
        map { place + axis * $0.x + axis.perpendicular * $0.y }
    }
}
