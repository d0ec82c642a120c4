import DuctusNetworks
import DuctusTestSupport
import Testing

@Suite struct ResidualBlockTests {
    private let images = Tensor<Float>.sample([2, 4, 9, 3])

    /// With statistics of their own, which folding must respect.
    private func block(_ inputs: Int, _ outputs: Int) -> ResidualBlock {
        let block = Initialization.seeded(3) { ResidualBlock(inputs, outputs) }
        for (number, named) in block.namedParameters.enumerated() where named.parameter.shape.rank == 1 {
            named.parameter.stored = Tensor.sample(named.parameter.shape, seed: UInt64(number)).squared() + 0.2
        }
        return block
    }

    @Test func keepsItsInputWhereTheNumberOfChannelsIsTheSame() {
        let block = block(3, 3)
        #expect(block.projection == nil)
        let body = block.norm2(block.conv2(block.norm1(block.conv1(images))))
        #expect(disagreement(of: block(images), with: (body + images).relu(), tolerance: 1e-5) == nil)
    }

    @Test func projectsItsInputToAnotherNumberOfChannels() throws {
        let block = block(3, 5)
        let body = block.norm2(block.conv2(block.norm1(block.conv1(images))))
        let projection = try #require(block.projection)
        let norm = try #require(block.projectionNorm)
        let skip = norm(projection(images))
        #expect(disagreement(of: block(images), with: (body + skip).relu(), tolerance: 1e-5) == nil)
    }

    @Test(arguments: [3, 5]) func paddingStaysZero(outputs: Int) {
        let output = block(3, outputs)(images.cleared(from: [9, 6]), widths: [9, 6])
        #expect(output.sliced(1..<2, axis: 0).sliced(6..<9, axis: 2) == .zeros([1, 4, 3, outputs]))
        #expect(output.sliced(0..<1, axis: 0).sliced(6..<9, axis: 2) != .zeros([1, 4, 3, outputs]))
    }
}
