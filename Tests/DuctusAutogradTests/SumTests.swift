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

    /// What others hold is not overwritten, whichever side of the sum it is on.
    @Test func leavesItsOperandsAlone() {
        let (a, b): (Tensor<Float>, Tensor<Float>) = ([1, -3], [1, 2])
        #expect(a.adding(b, activation: .relu) == [2, 0])
        #expect(a.adding(a, activation: .identity) == [2, -6])
        #expect(a == [1, -3] && b == [1, 2])
    }

    @Test func shapesMustBeEqual() async {
        await #expect(processExitsWith: .failure) {
            _ = Tensor<Float>.zeros([2, 3]).adding(.zeros([3]), activation: .relu)
        }
    }
}
