import DuctusAutograd
import Testing

@Suite struct PullbackTests {
    private let x: Tensor<Double> = [[1, 2, 3], [4, 5, 6]]
    private let w: Tensor<Double> = [[1, -1], [0.5, 2], [-3, 0.25]]
    private let dy: Tensor<Double> = [[1, 2], [-3, 4]]

    @Test func multipliesByTheTransposedJacobian() {
        let (y, pullback) = valueAndPullback(at: [x, w]) { $0[0].matmul($0[1]) }
        #expect(y == x.matmul(w))
        let gradients = pullback(dy)
        #expect(gradients[0] == dy.matmul(w.transposed()))
        #expect(gradients[1] == x.transposed().matmul(dy))
    }

    @Test func weightsTheResult() {
        let gradients = valueAndPullback(at: [x]) { $0[0].tanh() * $0[0] }.pullback(x)
        let weighted = valueAndGradient(at: [x]) { ($0[0].tanh() * $0[0] * x).sum() }.gradients
        #expect(zip(gradients[0].scalars, weighted[0].scalars).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test func isZeroForUnusedInputs() {
        let gradients = valueAndPullback(at: [x, w]) { $0[0] * 2 }.pullback(x)
        #expect(gradients[1] == .zeros(w.shape))
    }

    @Test func doesNotChangeItsArgument() {
        let given = dy
        _ = valueAndPullback(at: [dy]) { $0[0] + $0[0] }.pullback(given)
        #expect(given == dy)
    }

    @Test func runsOnce() async {
        await #expect(processExitsWith: .failure) {
            let x: Tensor<Double> = [1, 2]
            let (y, pullback) = valueAndPullback(at: [x]) { $0[0] * $0[0] }
            _ = pullback(y)
            _ = pullback(y)
        }
    }

    @Test func needsAGradientOfTheShapeOfTheResult() async {
        await #expect(processExitsWith: .failure) {
            let x: Tensor<Double> = [1, 2]
            _ = valueAndPullback(at: [x]) { $0[0] * $0[0] }.pullback([1, 2, 3])
        }
    }
}
