import DuctusFiles
import Testing

@Suite struct EditDistanceTests {
    @Test(arguments: [
        ("", "", 0), ("abc", "", 3), ("", "abc", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2), ("a", "a", 0),
    ])
    func knownPairs(source: String, target: String, distance: Int) {
        #expect(editDistance(from: Array(source), to: Array(target)) == distance)
        #expect(editDistance(from: Array(target), to: Array(source)) == distance)
    }

    @Test(
        arguments: [
            ("", "", []), ("abc", "", [false, false, false]), ("", "abc", []), ("abc", "abc", [true, true, true]),
            ("kitten", "sitting", [false, true, true, true, false, true]), ("abc", "xabcx", [true, true, true]),
            ("xabcx", "abc", [false, true, true, true, false]),
            ("the fak friend", "the fake friend", Array(repeating: true, count: 14)),
        ] as [(String, String, [Bool])])
    func elementsAreKept(source: String, target: String, kept: [Bool]) {
        #expect(keptElements(from: Array(source), to: Array(target)) == kept)
    }

    /// The elements that are kept are a common subsequence, and the distance agrees with it.
    @Test func keptElementsAreACommonSubsequence() {
        let pairs = [("kitten", "sitting"), ("flaw", "lawn"), ("abcabba", "cbabac"), ("xabcx", "abc"), ("ab", "ba")]
        for (source, target) in pairs {
            let kept = zip(source, keptElements(from: Array(source), to: Array(target))).filter(\.1).map(\.0)
            var rest = target[...]
            for element in kept {
                let index = rest.firstIndex(of: element)
                #expect(index != nil, "\(source) and \(target)")
                rest = index.map { rest[rest.index(after: $0)...] } ?? ""
            }
            let distance = editDistance(from: Array(source), to: Array(target))
            #expect(max(source.count, target.count) - kept.count <= distance)
        }
    }

    /// All sequences of up to four of three elements.
    @Test func itEqualsTheRecursiveDefinition() {
        func definition(_ a: ArraySlice<Int>, _ b: ArraySlice<Int>) -> Int {
            guard let x = a.first, let y = b.first else { return a.count + b.count }
            let rest = (a.dropFirst(), b.dropFirst())
            return min(
                definition(rest.0, rest.1) + (x == y ? 0 : 1), definition(rest.0, b) + 1, definition(a, rest.1) + 1)
        }
        let sequences = (1...4).reduce([[[Int]]]([[[]]])) { all, _ in
            all + [all[all.count - 1].flatMap { sequence in (0..<3).map { sequence + [$0] } }]
        }.joined()
        for a in sequences {
            for b in sequences where b.count <= 2 {
                #expect(editDistance(from: a, to: b) == definition(a[...], b[...]), "\(a) and \(b)")
            }
        }
    }
}
