import DuctusTensors
import DuctusTestSupport
import Testing

/// Long sums, and statistics at the edges of their domain.
@Suite struct StatisticsTests {
    @Test func longSumsAreExact() {
        let x = Tensor<Float>((0..<1_000_000).map { 1e6 + Float($0 % 2) })
        #expect(x.variance().item() == 0.25)
        #expect(x.mean().item() == 1_000_000.5)
        #expect(x.reshaped(to: [500_000, 2]).mean(axes: [0]) == [1e6, 1e6 + 1])
        let tenths = Tensor<Float>(repeating: 0.1, shape: [1 << 20])
        #expect(abs(tenths.sum().item() / (Float(0.1) * Float(1 << 20)) - 1) < 3e-7)
        let columns = Tensor<Float>(repeating: 0.1, shape: [1 << 14, 300])
        #expect(abs(columns.sum(axes: [0])[7] / (Float(0.1) * Float(1 << 14)) - 1) < 3e-7)
    }

    @Test(arguments: [20_000_000, 0x1p53, .leastNonzeroMagnitude, 3e38, -3e38, 0] as [Float])
    func histogramsOfConstants(value: Float) {
        let (counts, edges) = Tensor<Float>(repeating: value, shape: [7]).histogram()
        #expect(counts.sum().item() == 7)
        #expect(edges.scalars.first ?? .nan <= value)
        #expect(edges.scalars.last ?? .nan >= value)
    }

    @Test func histogramsOfExtremeRanges() {
        #expect(([-3e38, 0, 3e38] as Tensor<Float>).histogram(bins: 3).counts == [1, 1, 1])
        #expect(([-1.7e308, 1, 1.7e308] as Tensor<Double>).histogram(bins: 3).counts == [1, 1, 1])
        #expect(Tensor<Float>([0, .leastNonzeroMagnitude]).histogram(bins: 4).counts.sum().item() == 2)
        #expect(Tensor<Double>([0, .leastNonzeroMagnitude]).histogram(bins: 4).counts.sum().item() == 2)
    }

    @Test func quantilesOfInfinities() {
        let infinity = Double.infinity
        #expect(Tensor<Double>([infinity, infinity]).quantile(0.5).item() == infinity)
        #expect(Tensor<Double>([-infinity, -infinity]).quantile(0.25).item() == -infinity)
        #expect(Tensor<Double>([1, infinity]).quantile(0.75).item() == infinity)
        #expect(Tensor<Double>([-infinity, 1]).quantile(0.75).item() == -infinity)
        #expect(Tensor<Double>([1, infinity]).quantile(0).item() == 1)
        #expect(Tensor<Double>([-infinity, infinity]).quantile(0.5).item().isNaN)
        #expect(Tensor<Float>([3e38, 3e38]).median().item() == 3e38)
    }

    @Test func logSumExpOfNothingIsMinusInfinity() {
        #expect(Tensor<Float>.zeros([0]).logSumExp().item() == -.infinity)
        #expect(Tensor<Float>.zeros([2, 0]).logSumExp(axes: [1]) == [-.infinity, -.infinity])
        #expect(Tensor<Float>.zeros([0, 2]).logSumExp(axes: [1]).shape == [0])
    }

    @Test func literalsOfVariablesAndSpecialValues() {
        let (a, b): (Float, Float) = (1, 2)
        #expect(Tensor<Float>([[a, b], [b, a]]) == [[1, 2], [2, 1]])
        let special: Tensor<Float> = [[1, .nan], [.infinity, -.infinity]]
        #expect(special[0, 1].isNaN)
        #expect(special[1, 1] == -.infinity)
    }

    @Test(arguments: [[1 << 40, 1 << 40], [1 << 62], [3, 1 << 61]] as [Shape])
    func impossibleSizesTrapWithASentence(shape: Shape) async {
        let extents = Array(shape)
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [extents = extents as [Int]] in
            _ = Tensor<Float>.zeros(Shape(extents))
        }
        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(message.contains("exist"))
    }

    /// Extents whose product overflows are those of a tensor of no elements.
    @Test func tensorsOfNoElementsMayHaveLargeExtents() {
        let empty = Tensor<Float>.zeros([1 << 32, 1 << 32, 0])
        #expect(empty.sum().item() == 0)
        #expect(empty.flattened().shape == [0])
        #expect(empty.mean().item().isNaN)
    }

    @Test func diagonalsAndStepsMayBeFarAway() {
        let x: Tensor<Float> = [[1, 2], [3, 4]]
        #expect(x.lowerTriangle(diagonal: .max) == x)
        #expect(x.lowerTriangle(diagonal: .min) == .zeros([2, 2]))
        #expect(x.upperTriangle(diagonal: .max) == .zeros([2, 2]))
        #expect(x.upperTriangle(diagonal: .min) == x)
        #expect(x[.strided(by: .max)] == [[1, 2]])
        #expect(x[.strided(by: .min)] == [[3, 4]])
    }

    @Test func halfAndBfloatArraysBecomeFloats() throws {
        let folder = try TemporaryFolder()
        func npy(_ type: String, _ words: [UInt16]) throws -> Tensor<Float> {
            var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(words.count),), }"
            while (header.utf8.count + 11) % 64 != 0 { header += " " }
            header += "\n"
            let length = header.utf8.count
            let bytes =
                [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length % 256), UInt8(length / 256)] + Array(header.utf8)
                + words.flatMap { [UInt8($0 % 256), UInt8($0 / 256)] }
            let path = folder.file("x.npy")
            try File.write(bytes, to: path)
            return try Tensor<Float>(npy: path)
        }
        #expect(try npy("<V2", [0x3F80, 0xC040]) == [1, -3])
        #expect(try npy("<f2", [0x3C00, 0xC200]) == [1, -3])
    }
}
