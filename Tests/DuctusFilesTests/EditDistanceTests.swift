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
