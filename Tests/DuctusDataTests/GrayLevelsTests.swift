import DuctusData
import DuctusTestSupport
import Testing

/// Examples of images take a quarter of the memory, and lose nothing.
@Suite struct GrayLevelsTests {
    private func example(_ values: [Float]) -> Example {
        Example(input: Tensor(values, shape: [1, values.count, 1]), labels: Tensor(1))
    }

    @Test(arguments: [1, 2, 48, 100, 254, 255]) func everyBitComesBack(divisor: Int) throws {
        let values = (0...divisor).map { Float($0) / Float(divisor) }
        let packed = example(values).packed()
        #expect(packed.levels != nil)
        #expect(packed.input.scalars.map(\.bitPattern) == values.map(\.bitPattern))
        #expect(packed.input.shape == [1, divisor + 1, 1])
        #expect(packed.inputShape == [1, divisor + 1, 1])
    }

    @Test(
        arguments: [
            [0.1, 0.2, 0.30001], [-0.0], [-1], [1.5], [.nan], [.infinity], [0.5, 1 / 3, 1 / 256],
            [Float.leastNonzeroMagnitude],
        ] as [[Float]])
    func otherValuesStayAsTheyAre(values: [Float]) {
        let packed = example(values).packed()
        #expect(packed.levels == nil)
        #expect(packed.input.scalars.map(\.bitPattern) == values.map(\.bitPattern))
    }

    @Test func nothingIsPackedToo() {
        #expect(example([]).packed().input.count == 0)
        #expect(example([0, 0]).packed().input.scalars == [0, 0])
    }

    @Test func changesAreKept() {
        var packed = example([0, 0.2, 1]).packed()
        packed.input = Tensor([7, 8] as [Float])
        #expect(packed.input.scalars == [7, 8])
        #expect(packed.inputShape == [2])
    }
}
