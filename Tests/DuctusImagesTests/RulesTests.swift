import DuctusImages
import Testing

@Suite struct RulesTests {
    /// Strokes of 20 pixels, on rules of a slope of 1 in 50.
    private func page(rules: UInt8?) -> Image {
        var page = Image(width: 300, height: 200, filledWith: 255)
        for line in 0..<4 {
            for x in stride(from: 40, to: 260, by: 9) {
                for y in 20 + 45 * line..<40 + 45 * line { for column in x..<x + 3 { page[column, y] = 0 } }
            }
        }
        guard let rules else { return page }
        for x in 0..<300 {
            for y in stride(from: 10 + x / 50, to: 200, by: 22) { page[x, y] = min(page[x, y], rules) }
            if x % 22 == 5 { for y in 0..<200 { page[x - y / 100, y] = min(page[x - y / 100, y], rules) } }
        }
        return page
    }

    @Test func rulesAreRemovedAndStrokesStay() {
        let clean = page(rules: nil)
        let restored = page(rules: 140).withoutRules(length: 60, angle: 0.02)
        let differences = zip(clean.pixels, restored.pixels).map { abs(Int($0) - Int($1)) }
        #expect(differences.reduce(0, +) < 255 * clean.pixels.count / 400)
        // Nine in ten pixels of ink are as dark as before.
        let ink = clean.pixels.indices.filter { clean.pixels[$0] == 0 }
        #expect(ink.count { restored.pixels[$0] < 40 } * 10 > ink.count * 9)
    }

    @Test func pagesWithoutRulesStayAsTheyAre() {
        let clean = page(rules: nil)
        #expect(!clean.hasRules(length: 60, angle: 0))
        #expect(clean.withoutRules(length: 60, angle: 0) == clean)
        #expect(page(rules: 140).hasRules(length: 60, angle: 0.02))
    }
}
