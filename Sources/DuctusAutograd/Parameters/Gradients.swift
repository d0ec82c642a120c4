/// The gradient of each parameter that received one, in the order of the parameters.
///
/// ```swift
/// var (loss, gradients) = valueAndGradient(of: network) { softmaxCrossEntropy($0(images), labels) }
/// gradients.clip(toNorm: 5)
/// optimizer.step(gradients)
/// ```
public struct Gradients: Sendable {
    package private(set) var entries: [(parameter: Parameter, gradient: Tensor<Float>)] = []
    private var places: [ObjectIdentifier: Int] = [:]

    /// No gradients, to which others can be added.
    public init() {}

    package mutating func append(_ gradient: Tensor<Float>, for parameter: Parameter) {
        precondition(
            gradient.shape == parameter.shape,
            "Gradients: the gradient of parameter \"\(parameter.name)\" has shape \(gradient.shape); it must have that of "
                + "the parameter, \(parameter.shape).")
        guard places.updateValue(entries.count, forKey: ObjectIdentifier(parameter)) == nil else {
            preconditionFailure("Parameter \"\(parameter.name)\" is given twice.")
        }
        entries.append((parameter, gradient))
    }

    /// The gradient of a parameter; `nil` if the function did not read it or it is not trainable.
    public subscript(parameter: Parameter) -> Tensor<Float>? {
        places[ObjectIdentifier(parameter)].map { entries[$0].gradient }
    }

    /// The parameters that have a gradient.
    public var parameters: [Parameter] { entries.map(\.parameter) }

    /// √Σ g² over all parameters.
    public var globalNorm: Double {
        let gradients = entries.map { $0.gradient.dense() }
        return withExtendedLifetime(gradients) {
            let chunks = Chunk.all(of: gradients.map(\.count))
            let bases = gradients.map(\.base)
            return chunks.parallelMap { Float.kernels.sum_of_squares($0.count, bases[$0.array] + $0.start) }
                .reduce(0, +).squareRoot()
        }
    }

    /// Whether all elements of all gradients are finite.
    public var areFinite: Bool { entries.allSatisfy { $0.gradient.isFinite().all().item() } }

    /// Every gradient times `factor`.
    public mutating func scale(by factor: Float) {
        for index in entries.indices { entries[index].gradient = entries[index].gradient * factor }
    }

    /// Scales all gradients by the same factor so that their global norm is at most `maximum` (Pascanu et al. 2013). An
    /// infinite or NaN norm cannot be clipped; ``areFinite`` tells.
    public mutating func clip(toNorm maximum: Double) {
        precondition(maximum >= 0, "Gradients: the norm to clip to is \(maximum); it must be at least 0.")
        let norm = globalNorm
        if norm > maximum { scale(by: Float(maximum / norm)) }
    }

    /// Clips every element to −`maximum` … `maximum`.
    public mutating func clip(toValue maximum: Float) {
        precondition(maximum >= 0, "Gradients: the value to clip to is \(maximum); it must be at least 0.")
        for index in entries.indices {
            entries[index].gradient = entries[index].gradient.clipped(to: -maximum...maximum)
        }
    }

    /// Adds other gradients, to train on the sum of several batches:
    ///
    /// ```swift
    /// var gradients = Gradients()
    /// for part in parts { gradients += valueAndGradient(of: network) { loss($0, part) }.gradients }
    /// gradients.scale(by: 1 / Float(parts.count))
    /// optimizer.step(gradients)
    /// ```
    public static func += (sum: inout Gradients, more: Gradients) {
        for (parameter, gradient) in more.entries {
            if let place = sum.places[ObjectIdentifier(parameter)] {
                sum.entries[place].gradient += gradient
            } else {
                sum.append(gradient, for: parameter)
            }
        }
    }

    /// The sum of gradients; a parameter that has none counts as 0.
    public static func + (a: Gradients, b: Gradients) -> Gradients {
        var sum = a
        sum += b
        return sum
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// Σ x², in double precision.
    package var sumOfSquares: Double {
        withUnsafeBuffer { $0.isEmpty ? 0 : Scalar.kernels.sum_of_squares($0.count, $0.baseAddress!) }
    }
}
