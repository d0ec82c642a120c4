import DuctusAutograd

/// The derivative of Σ output · weights along a random direction, by the tape and by central differences.
///
/// The weights are fixed random numbers. Every evaluation records and draws the same noise, so that layers that are
/// active only in training are included. Sums are in double precision, so the remaining error is the rounding of Float.
package struct DirectionalDerivative: CustomStringConvertible {
    package let analytic: Double
    package let numeric: Double
    /// The norm of the gradient, relative to which errors are measured.
    package let norm: Double

    /// With respect to several parameters together.
    package init(of parameters: [Parameter], step: Float = 2e-3, _ output: () -> Tensor<Float>) {
        let original = parameters.map(\.stored)
        let directions = Self.directions(original.map(\.shape))
        func value(_ shift: Float) -> Double {
            for (parameter, (start, direction)) in zip(parameters, zip(original, directions)) {
                parameter.stored = start + direction * shift
            }
            return Self.record(of: parameters, output).value
        }
        let numeric = (value(step) - value(-step)) / Double(2 * step)
        for (parameter, start) in zip(parameters, original) { parameter.stored = start }
        let gradients = Self.record(of: parameters, output).gradients
        let found = parameters.map { gradients[$0] ?? .zeros($0.shape) }
        self.init(found, directions, numeric)
    }

    /// With respect to an input.
    package init(at input: Tensor<Float>, step: Float = 2e-3, _ function: (Tensor<Float>) -> Tensor<Float>) {
        let direction = Self.directions([input.shape])[0]
        let inputs = [Parameter(input)]
        func value(_ shift: Float) -> Double {
            Self.record(of: []) { function(input + direction * shift) }.value
        }
        let numeric = (value(step) - value(-step)) / Double(2 * step)
        let gradients = Self.record(of: inputs) { function(inputs[0].value) }.gradients
        self.init([gradients[inputs[0]] ?? .zeros(input.shape)], [direction], numeric)
    }

    private init(_ gradients: [Tensor<Float>], _ directions: [Tensor<Float>], _ numeric: Double) {
        analytic = zip(gradients, directions).reduce(0) { $0 + $1.0.dot($1.1) }
        norm = gradients.reduce(0) { $0 + $1.sumOfSquares }.squareRoot()
        self.numeric = numeric
    }

    /// Whether both derivatives agree.
    package func agrees(tolerance: Double = 2e-3) -> Bool { abs(analytic - numeric) <= tolerance * (0.1 + norm) }

    package var description: String { "by the tape \(analytic), numerically \(numeric), gradient of norm \(norm)" }

    /// Random directions that together have norm 1.
    private static func directions(_ shapes: [Shape]) -> [Tensor<Float>] {
        let all = shapes.enumerated().map { Tensor<Float>.sample($1, seed: UInt64(100 + $0)) }
        let length = all.reduce(0) { $0 + $1.sumOfSquares }.squareRoot()
        return all.map { $0 * Float(1 / max(length, 1e-9)) }
    }

    private static func record(
        of parameters: [Parameter], _ output: () -> Tensor<Float>
    ) -> (value: Double, gradients: Gradients) {
        var value = 0.0
        let gradients = valueAndGradient(of: parameters) {
            // All layers train, whichever parameters are differentiated.
            withTraining(random: RandomStream(seed: 5)) {
                let result = output()
                let weights = Tensor<Float>.sample(result.shape, seed: 99)
                value = result.detached().dot(weights)
                return (result * weights).sum()
            }
        }.gradients
        return (value, gradients)
    }
}
