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

    /// As in PyTorch, the decay of gradient descent is part of the gradient, and so of the momentum.
    @Test(arguments: [(0, false), (0.9, false), (0.9, true)] as [(Double, Bool)])
    func decayIsPartOfTheGradient(momentum: Double, nesterov: Bool) {
        let parameter = Parameter([1, -2])
        var optimizer = Optimizer(.sgd(momentum: momentum, nesterov: nesterov, decay: 0.5), rate: 0.1)
        var (expected, velocity): ([Double], [Double]) = ([1, -2], [0, 0])
        for _ in 0..<3 {
            optimizer.step(valueAndGradient(of: [parameter]) { parameter.value.sum() * 2 }.gradients)
            for index in 0..<2 {
                let gradient = 2 + 0.5 * expected[index]
                velocity[index] = momentum * velocity[index] + gradient
                expected[index] -= 0.1 * (nesterov ? gradient + momentum * velocity[index] : velocity[index])
            }
        }
        for (own, value) in zip(parameter.stored.scalars, expected) { #expect(abs(Double(own) - value) < 1e-6) }
    }
}
