import DuctusModels
import DuctusTestSupport
import Testing

@Suite struct EditDistanceTests {
    @Test(arguments: [
        ("", "", 0), ("abc", "", 3), ("", "abc", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2), ("a", "a", 0),
    ])
    func knownPairsHaveTheirDistance(source: String, target: String, distance: Int) {
        #expect(editDistance(from: Array(source), to: Array(target)) == distance)
        #expect(editDistance(from: Array(target), to: Array(source)) == distance)
    }

    @Test func equalsTheRecursiveDefinition() {
        func definition(_ a: ArraySlice<Int>, _ b: ArraySlice<Int>) -> Int {
            guard let x = a.first, let y = b.first else { return a.count + b.count }
            let rest = (a.dropFirst(), b.dropFirst())
            return min(
                definition(rest.0, rest.1) + (x == y ? 0 : 1), definition(rest.0, b) + 1, definition(a, rest.1) + 1)
        }
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            let (a, b) = (0..<2).map { _ in
                (0..<Int.random(in: 0...5, using: &generator)).map { _ in Int.random(in: 0...2, using: &generator) }
            }.pair
            #expect(editDistance(from: a, to: b) == definition(a[...], b[...]), "\(a) and \(b)")
        }
    }

    @Test func composedAndDecomposedAccentsAreOneScalar() {
        #expect("e\u{301}te\u{301}".normalizedScalars == ["é", "t", "é"])
        // Hangul composes by arithmetic, the ohm sign is replaced for good, and x with an acute has no composed form.
        #expect("\u{1112}\u{1161}\u{11AB}\u{2126}x\u{301}".normalizedScalars == ["한", "Ω", "x", "\u{301}"])
    }

    @Test func wordsAreSeparatedByWhiteSpace() {
        let words = " un\u{A0}deux\t trois\r\nquatre ".normalizedWords
        #expect(words.map { $0.map(String.init).joined() } == ["un", "deux", "trois", "quatre"])
    }
}

extension Array {
    fileprivate var pair: (Element, Element) { (self[0], self[1]) }
}

@Suite struct TextMetricsTests {
    @Test func ratesAreSumsAndAccuracyIsAMean() {
        var metrics = TextMetrics()
        metrics.add("ab", reference: "abcd")  // 2 of 4 characters, 1 of 1 words
        metrics.add("to be or nod to be", reference: "to be or not to be")  // 1 of 18, 1 of 6
        #expect(metrics.count == 2)
        #expect(metrics.cer == 3.0 / 22)
        #expect(metrics.wer == 2.0 / 7)
        #expect(metrics.characterAccuracy == (0.5 + (1 - 1.0 / 18)) / 2)
    }

    @Test func charactersAreScalars() {
        var metrics = TextMetrics()
        metrics.add("x", reference: "x\u{301}")
        #expect(metrics.cer == 0.5)
        #expect(metrics.wer == 1)
    }

    @Test func insertionsCanExceedTheReference() {
        var metrics = TextMetrics()
        metrics.add("aaaa", reference: "a")
        #expect(metrics.cer == 3)
        #expect(metrics.characterAccuracy == -2)
    }

    private func values(_ metrics: TextMetrics) -> [Double] { [metrics.cer, metrics.wer, metrics.characterAccuracy] }

    @Test func emptyReferencesAreEntirelyRightOrWrong() {
        var metrics = TextMetrics()
        #expect(values(metrics) == [0, 0, 1])
        metrics.add("", reference: "")
        #expect(values(metrics) == [0, 0, 1])
        metrics.add("two words", reference: " ")
        #expect(metrics.wer == 1)
        #expect(metrics.count == 2)
        metrics = TextMetrics()
        metrics.add("abc", reference: "")
        #expect(values(metrics) == [1, 1, 0])
    }

    @Test func sumsOfPartsAreTheWhole() {
        let pairs = [("one", "two"), ("a b", "a c"), ("", "x"), ("same", "same")]
        var whole = TextMetrics()
        var parts = [TextMetrics(), TextMetrics()]
        for (index, pair) in pairs.enumerated() {
            whole.add(pair.0, reference: pair.1)
            parts[index % 2].add(pair.0, reference: pair.1)
        }
        parts[0].add(parts[1])
        #expect(parts[0].count == whole.count)
        #expect(parts[0].cer == whole.cer)
        #expect(parts[0].wer == whole.wer)
        #expect(abs(parts[0].characterAccuracy - whole.characterAccuracy) < 1e-12)
    }
}
