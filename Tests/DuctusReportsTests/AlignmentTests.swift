import DuctusReports
import DuctusTestSupport
import Testing

@Suite struct AlignmentTests {
    @Test func asManyPairsDifferAsTheEditDistance() {
        var random = RandomStream(seed: 1)
        for _ in 0..<300 {
            let texts = (0..<2).map { _ in
                String(
                    (0..<Int.random(in: 0...9, using: &random)).map { _ in "abc".randomElement(using: &random) ?? "a" })
            }
            let alignment = Alignment(texts[0], reference: texts[1])
            #expect(alignment.distance == editDistance(from: Array(texts[0]), to: Array(texts[1])))
            #expect(String(String.UnicodeScalarView(alignment.pairs.compactMap(\.answer))) == texts[0])
            #expect(String(String.UnicodeScalarView(alignment.pairs.compactMap(\.truth))) == texts[1])
        }
    }

    @Test func errorsAreMarked() {
        let alignment = Alignment("A M0VE <to stp", reference: "A MOVE to stop")
        #expect(alignment.markup(ofReference: false) == "A M<mark>0</mark>VE <mark>&lt;</mark>to stp")
        #expect(
            alignment.markup(ofReference: true)
                == "A M<mark class=\"missed\">O</mark>VE to st<mark class=\"missed\">o</mark>p")
    }

    @Test func mistakesAreCounted() {
        var errors = CharacterErrors()
        for (text, reference) in [("cot", "cat"), ("cot", "cat"), ("ca", "cat"), ("cats", "cat")] {
            errors.add(Alignment(text, reference: reference))
        }
        let mistakes = errors.mistakes
        #expect(mistakes.first == .init(truth: "a", answer: "o", count: 2, total: 4))
        #expect(mistakes.contains(.init(truth: "t", answer: "(nothing)", count: 1, total: 4)))
        #expect(mistakes.contains(.init(truth: "(nothing)", answer: "s", count: 1, total: nil)))
        #expect(mistakes.count == 3)
        #expect(errors.chart("", characters: 5) != nil)
        #expect(CharacterErrors().chart("", characters: 5) == nil)
    }
}
