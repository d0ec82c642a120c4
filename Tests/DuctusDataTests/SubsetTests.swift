import DuctusData
import DuctusTestSupport
import Testing

@Suite struct SubsetTests {
    private let data = CharacterDataset(CharacterImagesTests.ordered)

    @Test func sampledSubsetsAreShuffled() throws {
        for seed in 0..<20 {
            let some = data.sampled(24, seed: UInt64(seed))
            #expect(Set(some.indices).count == 24)
            #expect(some.indices != some.indices.sorted())
            #expect(try Set((0..<24).map { try some.raw($0).label }).count >= 2)
        }
    }

    @Test func subsetsAreDataSets() throws {
        let all = data.sampled(.max)
        #expect(all.indices == Array(0..<96))
        let some = data.sampled(5, seed: 1)
        #expect(some.count == 5)
        #expect(some.expectation == data.expectation)
        #expect(some.name(of: 2) == data.name(of: some.indices[2]))
        #expect(try some.cached().examples.map(\.input) == some.indices.map { try data.transformed($0).input })
        #expect(data.sampled(0).count == 0)
    }
}
