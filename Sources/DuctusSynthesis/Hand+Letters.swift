import DuctusData

extension Hand {
    /// The outlines of a text set on a level baseline, from x = 0.
    package func letters(_ text: String, using random: inout RandomStream) throws(SynthesisError) -> Contours {
        let missing = font.missingCharacters(in: text)
        guard missing.isEmpty else { throw .lacksCharacters(font: font.name, characters: missing) }
        var result: Contours = []
        var pen: Float = 0
        for word in text.composedScalars.split(whereSeparator: \.properties.isWhitespace) {
            if pen > 0 { pen += Float(max(0.6, wordSpacing + random.normal(standardDeviation: 0.2 * unrest))) }
            let start = pen
            let (size, tilt, base) = (1 + random.normal(0.03 * unrest), random.normal(0.015 * unrest), result.count)
            var lift: Float = 0
            var last: Unicode.Scalar?
            for scalar in word {
                guard let glyph = font.glyphs[scalar] else { continue }
                if let last { pen += font.kerning[.init(left: last, right: scalar), default: 0] }
                last = scalar
                // Letters that touch must stay on their line, and may only be wider or narrower.
                let freedom = font.isJoined ? 0.15 : 1
                lift += random.normal(0.025 * unrest * freedom) - 0.2 * lift
                let broad = max(0.7, 1 + random.normal(0.06 * unrest))
                let tall = max(0.7, 1 + random.normal(0.05 * unrest * freedom))
                let turn = direction(random.normal(standardDeviation: 0.035 * unrest * freedom))
                let shift = Point(pen, lift)
                for contour in glyph.contours {
                    result.append(
                        contour.map { point in
                            let scaled = proportioned(point) * Point(broad, tall)
                            return shift + turn * scaled.x + turn.perpendicular * scaled.y
                        })
                }
                pen += glyph.advance * broad
                if !font.isJoined {
                    pen += Float(letterSpacing) + random.normal(0.03 * unrest)
                }
            }
            let lift0 = random.normal(0.07 * unrest)
            for index in base..<result.count {
                for place in result[index].indices {
                    let from = (result[index][place] - Point(start, 0)) * size
                    result[index][place] = Point(start, lift0) + from + from.perpendicular * tilt
                }
            }
            pen = start + (pen - start) * size
        }
        return result
    }

    /// A point of a letter, with the heights above the x and below the baseline that this hand gives them.
    private func proportioned(_ point: Point) -> Point {
        if point.y > 1 { return Point(point.x, 1 + (point.y - 1) * Float(ascent)) }
        return point.y < 0 ? Point(point.x, point.y * Float(descent)) : point
    }
}
