/// Compares an analytic gradient with a numeric one.
///
/// ```swift
/// let points: Tensor<Double> = [-2, 0.5, 3]
/// let check = GradientCheck(at: [points]) { $0[0].tanh() }
/// check.worst < 1e-7                        // true
/// ```
public struct GradientCheck: Sendable {
    /// The largest error, |analytic − numeric| / (1 + |numeric|); NaN if any is.
    public let worst: Double
    /// The input with the largest error.
    public let input: Int
    /// The element of that input with the largest error, in row-major order.
    public let element: Int

    package init(worst: Double, input: Int, element: Int) {
        (self.worst, self.input, self.element) = (worst, input, element)
    }

    /// Compares gradients with central differences, (f(x+h) − f(x−h)) / 2h, in double precision.
    ///
    /// The result of `function` is reduced to a scalar with fixed random weights. `function` must be differentiable at
    /// `inputs`; it is called as in training, with the same noise every time.
    public init(
        at inputs: [Tensor<Double>], step: Double = 1e-6, seed: UInt64 = 7,
        _ function: ([Tensor<Double>]) -> Tensor<Double>
    ) {
        var random = RandomStream(seed: seed)
        let weights = Tensor<Double>.normal(function(inputs).shape, using: &random)
        let noise = RandomStream(seed: seed).split(1)
        func evaluated(_ inputs: [Tensor<Double>]) -> (value: Tensor<Double>, gradients: [Tensor<Double>]) {
            withTraining(random: noise) { valueAndGradient(at: inputs) { (function($0) * weights).sum() } }
        }
        let analytic = evaluated(inputs).gradients
        var (worst, input, element) = (0.0, 0, 0)
        for i in inputs.indices {
            for e in 0..<inputs[i].count {
                func shifted(_ by: Double) -> Double {
                    var moved = inputs
                    moved[i].withUnsafeMutableBuffer { $0[e] += by }
                    return evaluated(moved).value.item()
                }
                let numeric = (shifted(step) - shifted(-step)) / (2 * step)
                let error = abs(analytic[i].scalars[e] - numeric) / (1 + abs(numeric))
                // NaN is the worst.
                if !worst.isNaN, !(error <= worst) { (worst, input, element) = (error, i, e) }
            }
        }
        self.init(worst: worst, input: input, element: element)
    }
}
