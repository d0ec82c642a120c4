import DuctusAutograd
import DuctusTestSupport
import Testing

/// Narrow rows, remainders and windows have separate loops; all must follow the definition.
@Suite struct RowShapeTests {
    static let columns = [1, 2, 3, 4, 7, 15, 16, 17, 31, 32, 33, 83]

    @Test(arguments: columns, [1, 7, 8, 37]) func softmaxFollowsItsDefinition(columns: Int, rows: Int) {
        let x = Tensor<Float>.sample([rows, columns], scale: 3)
        let odds = Tensor<Double>(x).exp()
        let p = odds / odds.sum(axes: [1], keepingDimensions: true)
        let upstream = Tensor<Float>.sample([rows, columns], seed: 2)
        let d = Tensor<Double>(upstream)
        let plain = valueAndGradient(at: [x]) { ($0[0].softmax() * upstream).sum() }.gradients[0]
        let log = valueAndGradient(at: [x]) { ($0[0].logSoftmax() * upstream).sum() }.gradients[0]
        func agrees(_ a: Tensor<Float>, _ b: Tensor<Double>, tolerance: Double = 2e-6) {
            #expect(disagreement(of: a, with: Tensor<Float>(b), tolerance: tolerance) == nil)
        }
        agrees(x.softmax(), p)
        agrees(x.logSoftmax(), p.log())
        // If one p is nearly 1, cancellation amplifies the rounding error.
        agrees(plain, p * (d - (p * d).sum(axes: [1], keepingDimensions: true)), tolerance: 4e-6)
        agrees(log, d - p * d.sum(axes: [1], keepingDimensions: true))
    }

    /// Sums of many terms are split; bias and activation come once, after the last part.
    @Test(arguments: [1, 5, 30], [255, 256, 257, 600]) func denseLayersFollowTheirDefinition(rows: Int, depth: Int) {
        let (x, w) = (Tensor<Float>.sample([rows, depth]), Tensor<Float>.sample([depth, 40], seed: 2, scale: 0.1))
        let bias = Tensor<Float>.sample([40], seed: 3)
        let expected = Tensor<Double>(x).matmul(Tensor<Double>(w)) + Tensor<Double>(bias)
        let y = dense(x, weight: w, bias: bias)
        #expect(disagreement(of: y, with: Tensor<Float>(expected), tolerance: 1e-5) == nil)
        let positive = dense(x, weight: w, bias: bias, activation: .relu)
        #expect(disagreement(of: positive, with: Tensor<Float>(expected.relu()), tolerance: 1e-5) == nil)
    }

    /// Of equal values, the first gets the gradient, as in PyTorch.
    @Test(arguments: [1, 4, 33], [(2, 2), (3, 3), (3, 2)])
    func theFirstMaximumOfAWindowGetsTheGradient(channels: Int, window: (kernel: Int, stride: Int)) {
        let (kernel, stride) = window
        let side = kernel + stride
        let x = Tensor<Float>.zeros([1, side, side, channels])
        let gradient = valueAndGradient(at: [x]) {
            maxPool2D($0[0], kernel: IntPair(kernel, kernel), stride: IntPair(stride, stride)).sum()
        }.gradients[0]
        for row in 0..<side {
            for column in 0..<side {
                let isFirst = row % stride == 0 && column % stride == 0 && max(row, column) <= stride
                #expect(gradient[0, row, column, channels - 1] == (isFirst ? 1 : 0), "\(row), \(column)")
            }
        }
    }

    @Test(arguments: columns, [1, 7, 8, 37]) func crossEntropyAndArgmaxFollowTheirDefinitions(columns: Int, rows: Int) {
        let x = Tensor<Float>.sample([rows, columns], scale: 3)
        let labels = (0..<rows).map { Int32($0 * 5 % columns) }
        let (value, gradients) = valueAndGradient(at: [x]) { softmaxCrossEntropy($0[0], Tensor(labels)) }
        let log = x.logSoftmax()
        let mean = (0..<rows).reduce(Float(0)) { $0 - log[$1, Int(labels[$1])] } / Float(rows)
        #expect(abs(value.item() - mean) < 1e-5)
        var expected = x.softmax()
        for row in 0..<rows { expected[row, Int(labels[row])] -= 1 }
        #expect(disagreement(of: gradients[0], with: expected * (1 / Float(rows)), tolerance: 2e-6) == nil)
        let largest = (0..<rows).map { row in Int32((0..<columns).max { x[row, $0] < x[row, $1] } ?? 0) }
        #expect(x.argmax().scalars == largest)
    }

    /// Of equal values, the first wins. NaN counts as the largest.
    @Test(arguments: [3, 20]) func argmaxHandlesTiesAndNaN(columns: Int) {
        func row(_ changes: [Int: Float]) -> Int32 {
            var x = Tensor<Float>.zeros([columns])
            for (column, value) in changes { x[column] = value }
            return x.argmax().item()
        }
        #expect(row([:]) == 0)
        #expect(row([1: 2, 2: 2]) == 1)
        #expect(row([0: .nan, 1: 2]) == 0)
        #expect(row([1: .nan, 2: 5]) == 1)
        #expect(row([0: 7, 1: .nan, 2: .nan]) == 1)
        #expect(row([0: -.infinity]) == 1)
    }

    struct Pooling: CustomStringConvertible, Sendable {
        let kernel: IntPair, stride: IntPair
        let channels: Int
        var description: String { "\(kernel) every \(stride) of \(channels) channels" }
    }
    static let poolings = [IntPair(2, 2), IntPair(2, 1), IntPair(1, 2), IntPair(3, 2)].flatMap { kernel in
        [kernel, IntPair(1, 1), IntPair(4, 3)].flatMap { stride in
            [1, 5, 32].map { Pooling(kernel: kernel, stride: stride, channels: $0) }
        }
    }

    /// Seven rows and nine columns: most windows do not divide them.
    @Test(arguments: poolings) func maxPoolingFollowsItsDefinition(pooling: Pooling) {
        let (kernel, stride) = (pooling.kernel, pooling.stride)
        let x = Tensor<Float>.sample([2, 7, 9, pooling.channels])
        let y = maxPool2D(x, kernel: kernel, stride: stride)
        let upstream = Tensor<Float>.sample(y.shape, seed: 2)
        let (_, gradients) = valueAndGradient(at: [x]) {
            (maxPool2D($0[0], kernel: kernel, stride: stride) * upstream).sum()
        }
        var gradient = Tensor<Float>.zeros(x.shape)
        for at in indices(of: y.shape) {
            let window = indices(of: [kernel.height, kernel.width]).map {
                [at[0], at[1] * stride.height + $0[0], at[2] * stride.width + $0[1], at[3]]
            }
            let winner = window.max { x[$0[0], $0[1], $0[2], $0[3]] < x[$1[0], $1[1], $1[2], $1[3]] } ?? []
            #expect(y[at[0], at[1], at[2], at[3]] == x[winner[0], winner[1], winner[2], winner[3]])
            gradient[winner[0], winner[1], winner[2], winner[3]] += upstream[at[0], at[1], at[2], at[3]]
        }
        #expect(disagreement(of: gradients[0], with: gradient, tolerance: 1e-6) == nil)
        #expect(maxPool2D(x * .nan, kernel: kernel, stride: stride).scalars.allSatisfy { $0.isNaN })
    }

    @Test(arguments: [[6, 1, 5], [1, 4, 1], [6, 4, 5], [4, 5], [5], [1], [2, 6, 1, 1]] as [Shape])
    func broadcastingEqualsCopying(shape: Shape) {
        let x = Tensor<Float>.sample([2, 6, 4, 5])
        let y = Tensor<Float>.sample(shape, seed: 2)
        let same = y.broadcast(to: x.shape).dense()
        #expect(x - y == x - same)
        #expect(y - x == same - x)
        #expect(x.transposed(0, 1) - y.broadcast(to: x.shape).transposed(0, 1) == (x - y).transposed(0, 1))
    }

    /// A long axis is reduced in blocks.
    @Test(arguments: [1, 3, 70]) func reductionsOfLongAxesAreAccurate(inner: Int) {
        let x = Tensor<Float>.sample([2, 70_001, inner])
        let exact = Tensor<Double>(x).sum(axes: [1])
        #expect(disagreement(of: x.sum(axes: [1]), with: Tensor<Float>(exact), tolerance: 1e-5) == nil)
        let parts = [0..<30_000, 30_000..<70_001].map { x.sliced($0, axis: 1).max(axes: [1]) }
        #expect(x.max(axes: [1]) == .maximum(parts[0], parts[1]))
    }
}
