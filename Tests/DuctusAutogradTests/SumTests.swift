import DuctusAutograd
import DuctusTestSupport
import Testing

@Suite struct SumTests {
    @Test(arguments: Activation.allCases) func isTheActivationOfTheSum(activation: Activation) {
        // Several blocks, and a remainder.
        let (a, b) = (Tensor<Float>.sample([3, 20_011], seed: 1), Tensor<Float>.sample([3, 20_011], seed: 2))
        let sum = a.adding(b, activation: activation)
        #expect(disagreement(of: sum, with: activation(a + b), tolerance: 1e-6) == nil)
    }

    /// While gradients are recorded, the sum is a tensor of its own.
    @Test(arguments: Activation.allCases) func isTheSameWhenRecorded(activation: Activation) throws {
        let (a, b) = (Parameter(.sample([2, 20_011], seed: 1)), Parameter(.sample([2, 20_011], seed: 2)))
        let expected = activation(a.stored + b.stored)
        let before = a.stored.scalars
        let (sum, gradients) = valueAndGradient(of: [a, b]) {
            let sum = a.value.adding(b.value, activation: activation)
            #expect(disagreement(of: sum.detached(), with: expected, tolerance: 1e-6) == nil)
            return sum.sum()
        }
        let separate = valueAndGradient(of: [a, b]) { activation(a.value + b.value).sum() }
        #expect(disagreement(of: sum, with: separate.value, tolerance: 1e-5) == nil)
        #expect(a.stored.scalars == before)
        for parameter in [a, b] {
            let (own, expected) = try (#require(gradients[parameter]), #require(separate.gradients[parameter]))
            #expect(disagreement(of: own, with: expected, tolerance: 1e-6) == nil)
        }
    }

    /// What others hold is not overwritten, whichever side of the sum it is on.
    @Test func leavesItsOperandsAlone() {
        let (a, b): (Tensor<Float>, Tensor<Float>) = ([1, -3], [1, 2])
        #expect(a.adding(b, activation: .relu) == [2, 0])
        #expect(a.adding(a, activation: .identity) == [2, -6])
        #expect(a == [1, -3] && b == [1, 2])
    }

    @Test func operandsMayBeViews() {
        let t = Tensor<Float>.sample([7, 7], seed: 3)
        let views = [
            (t, t.transposed()), (t.transposed(), t), (t.sliced(0..<6, axis: 0), t.sliced(1..<7, axis: 0)),
            (t, t.row(0).broadcast(to: [7, 7])), (Tensor.zeros([0, 3]), Tensor.zeros([0, 3])),
        ]
        for (a, b) in views { #expect(a.adding(b, activation: .identity) == a + b) }
    }

    @Test func isInPlace() {
        func address(_ x: Tensor<Float>) -> UnsafePointer<Float>? { x.withUnsafeBuffer(\.baseAddress) }
        var x = Tensor<Float>.zeros([100])
        let before = address(x)
        x = x.adding(.ones([100]), activation: .relu)
        #expect(address(x) == before)
    }

    @Test func shapesMustBeEqual() async {
        await #expect(processExitsWith: .failure) {
            _ = Tensor<Float>.zeros([2, 3]).adding(.zeros([3]), activation: .relu)
        }
    }
}
