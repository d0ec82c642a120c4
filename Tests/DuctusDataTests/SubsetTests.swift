import DuctusData
import DuctusTestSupport
import Testing

@Suite struct SelectionTests {
    /// Image n shows its number in its first pixels; class 0 has 60 images, 1 has 30, 2 has 6, and they stand in order.
    private let images: CharacterImages = {
        let labels = [(0, 60), (1, 30), (2, 6)].flatMap { Array(repeating: $0.0, count: $0.1) }
        let pixels = labels.indices.flatMap { [UInt8($0)] + [UInt8](repeating: 7, count: 783) }
        return CharacterImages(pixels: pixels, labels: labels, classNames: ["a", "b", "c"])
    }()

    private func numbers(_ images: CharacterImages) -> [Int] { (0..<images.count).map { Int(images.image($0)[0]) } }

    @Test func balancingLimitsClassesToTheMean() {
        let balanced = images.balanced(seed: 3)
        let chosen = numbers(balanced)
        #expect((0..<3).map { label in balanced.labels.count { $0 == label } } == [32, 30, 6])
        #expect(Set(chosen).count == chosen.count && chosen.map { images.labels[$0] } == balanced.labels)
        #expect(balanced == images.balanced(seed: 3) && balanced != images.balanced(seed: 4))
    }

    @Test func noPartIsOrderedByClass() throws {
        for seed in 0..<20 {
            let labels = images.balanced(seed: UInt64(seed)).labels
            #expect(labels != labels.sorted() && Set(labels.prefix(24)).count >= 2)
            let data = CharacterDataset(images)
            let some = data.sampled(24, seed: UInt64(seed))
            #expect(Set(some.indices).count == 24 && some.indices != some.indices.sorted())
            #expect(try Set((0..<24).map { try some.raw($0).label }).count >= 2)
        }
    }

    @Test func subsetsAreDataSets() throws {
        let data = CharacterDataset(images)
        let all = data.sampled(.max)
        #expect(all.indices == Array(0..<96))
        let some = data.sampled(5, seed: 1)
        #expect(some.count == 5 && some.expectation == data.expectation)
        #expect(some.name(of: 2) == data.name(of: some.indices[2]))
        #expect(try some.cached().examples.map(\.input) == some.indices.map { try data.transformed($0).input })
        #expect(data.sampled(0).count == 0)
    }
}
