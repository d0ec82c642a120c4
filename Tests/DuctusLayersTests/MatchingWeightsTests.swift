import DuctusLayers
import Testing

/// Weights of another network, as far as names and shapes agree.
@Suite struct MatchingWeightsTests {
    private let layer = Dense(2, 3)

    @Test func nothingThatMatchesIsAnError() throws {
        var archive = TensorArchive()
        archive.set("head.weight", to: Tensor<Float>.zeros([2, 4]))
        let before = layer.weight.stored
        let error = #expect(throws: ArchiveError.self) { try layer.loadMatching(from: archive) }
        #expect(error?.description.contains("\"head.weight\" [2, 4]") == true)
        #expect(layer.weight.stored == before)
    }

    @Test(arguments: [ElementType.float16, .bfloat16]) func halfPrecisionIsRead(type: ElementType) throws {
        var archive = TensorArchive()
        archive.set("weight", to: Tensor<Float>([[1, 2, 3], [4, 5, 6]]))
        let half = try TensorArchive(archive.rounded(to: type).encoded(), path: "memory")
        #expect(try layer.loadMatching(from: half) == ["weight"])
        #expect(layer.weight.stored == [[1, 2, 3], [4, 5, 6]])
        #expect(layer.bias?.stored == .zeros([3]))
    }
}
