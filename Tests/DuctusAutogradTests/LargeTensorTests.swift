import DuctusAutograd
import DuctusTestSupport
import Testing

/// Results larger than the caches are written with streaming stores; they must be bit-identical to those of their parts.
@Suite struct LargeTensorTests {
    /// 17 MB, with rows that are whole cache lines and rows that are not.
    @Test(arguments: [64, 63]) func normalizationEqualsThatOfItsParts(channels: Int) {
        let rows = (17 << 18) / channels
        let x = Tensor<Float>.sample([rows, channels])
        let normalization = Normalization<Float>(
            mean: (0..<channels).map { Double($0) / 100 }, variance: (0..<channels).map { 1 + Double($0) / 50 },
            scale: .sample([channels], seed: 2), shift: .sample([channels], seed: 3), epsilon: 1e-5, activation: .relu)
        let y = normalization(x)
        for start in [0, rows / 2, rows - 1001] {
            let part = start..<start + 1001
            #expect(normalization(x.sliced(part, axis: 0)) == y.sliced(part, axis: 0))
        }
    }

    @Test func elementwiseOperationsEqualThoseOfTheirParts() {
        let count = 17 << 18 + 5
        let (x, y) = (Tensor<Float>.sample([count]), Tensor<Float>.sample([count], seed: 2))
        let operations: [(Tensor<Float>, Tensor<Float>) -> Tensor<Float>] = [
            { x, _ in x.relu() }, { x, _ in x.tanh() }, { $0 + $1 }, { x, _ in x * 3 },
        ]
        for operation in operations {
            let whole = operation(x, y)
            for part in [0..<1001, count / 2..<count / 2 + 1000, count - 1001..<count] {
                let (u, v) = (x.sliced(part, axis: 0), y.sliced(part, axis: 0))
                #expect(operation(u, v) == whole.sliced(part, axis: 0))
            }
        }
    }

    @Test(arguments: [(40, 24), (33, 8)]) func concatenationOfChannelsHasItsParts(first: Int, second: Int) {
        let rows = (17 << 18) / (first + second)
        let (a, b) = (Tensor<Float>.sample([rows, first]), Tensor<Float>.sample([rows, second], seed: 2))
        let joined = Tensor.concatenated([a, b], axis: -1)
        #expect(joined.sliced(0..<first, axis: -1) == a)
        #expect(joined.sliced(first..<first + second, axis: -1) == b)
    }

    /// Copies of a batch have its statistics, so the gradient is that of the small operation.
    @Test func gradientOfNormalizationEqualsThatOfItsParts() {
        let (rows, copies, channels) = (1024, 80, 64)
        let small = Tensor<Float>.sample([1, rows, channels])
        let upstream = Tensor<Float>.sample([1, rows, channels], seed: 4)
        func gradient(_ x: Tensor<Float>, _ upstream: Tensor<Float>) -> Tensor<Float> {
            valueAndGradient(at: [x]) {
                (batchNormalization(
                    $0[0], scale: .ones([channels]), shift: .zeros([channels]), activation: .relu
                ).output * upstream).sum()
            }.gradients[0]
        }
        let whole = gradient(
            small.broadcast(to: [copies, rows, channels]), upstream.broadcast(to: [copies, rows, channels]))
        let part = gradient(small, upstream)
        for copy in [0, copies / 2, copies - 1] {
            #expect(
                disagreement(of: whole.sliced(copy..<copy + 1, axis: 0), with: part, tolerance: 1e-5) == nil)
        }
    }
}
