/// Where an analytic gradient and a numeric one disagree most.
///
/// ```swift
/// let points: Tensor<Double> = [-2, 0.5, 3]
/// let check = GradientCheck(at: [points]) { $0[0].tanh() }
/// check.worst < 1e-7                        // true
/// ```
public struct GradientCheck: Sendable {
    /// max |analytic − numeric| / (1 + |numeric|)
    public let worst: Double
    /// Which of the inputs it was.
    public let input: Int
    /// Which of that input's elements, in row-major order.
    public let element: Int

    /// Compares gradients with central differences (f(x+h) − f(x−h)) / 2h in double precision.
    ///
    /// The result of `function` is weighted with fixed random numbers to make it a scalar. `function` must be
    /// differentiable at `inputs`.
    public init(
        at inputs: [Tensor<Double>], step: Double = 1e-6, seed: UInt64 = 7,
        _ function: ([Tensor<Double>]) -> Tensor<Double>
    ) {
        var random = RandomStream(seed: seed)
        let weights = Tensor<Double>.normal(function(inputs).shape, using: &random)
        let noise = RandomStream(seed: seed).split(1)
        let analytic = valueAndGradient(at: inputs, random: noise) { (function($0) * weights).sum() }.gradients
        var (worst, input, element) = (0.0, 0, 0)
        for i in inputs.indices {
            for e in 0..<inputs[i].count {
                func shifted(_ by: Double) -> Double {
                    var moved = inputs
                    moved[i].withUnsafeMutableBuffer { $0[e] += by }
                    // Recorded as well, so that layers which act in training alone act here.
                    return valueAndGradient(at: moved, random: noise) { (function($0) * weights).sum() }.value.item()
                }
                let numeric = (shifted(step) - shifted(-step)) / (2 * step)
                let error = abs(analytic[i].scalars[e] - numeric) / (1 + abs(numeric))
                if !(error <= worst) { (worst, input, element) = (error, i, e) }
            }
        }
        (self.worst, self.input, self.element) = (worst, input, element)
    }
}
