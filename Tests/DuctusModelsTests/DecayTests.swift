import DuctusModels
import DuctusTestSupport
import Testing

@Suite struct DecayTests {
    /// Where gradients are zero, decay is all that moves a parameter.
    @Test(arguments: [true, false]) func vectorsMayBeExempt(decaysVectors: Bool) {
        let (matrix, vector, scalar) = (Parameter(.ones([2, 3])), Parameter(.ones([3])), Parameter(Tensor(1)))
        var optimizer = Optimizer(.adamW(decay: 0.5, decaysVectors: decaysVectors), rate: 0.1)
        optimizer.step(
            valueAndGradient(of: [matrix, vector, scalar]) {
                ((matrix.value + vector.value) * scalar.value * Float(0)).sum()
            }.gradients)
        #expect(matrix.stored == Tensor(0.95).broadcast(to: [2, 3]))
        #expect(vector.stored == (decaysVectors ? Tensor(0.95).broadcast(to: [3]) : .ones([3])))
        #expect(scalar.stored.item() == (decaysVectors ? 0.95 : 1))
    }
}
