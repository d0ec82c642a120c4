@_exported import DuctusTensors

/// A named, trainable array: the only reference in a tree of layers, which are structs.
///
/// Reading `value` while a tape records makes the result a leaf of that tape. A parameter that is not trainable (a
/// running mean, for instance) is saved with the weights and never receives a gradient.
public final class Parameter: @unchecked Sendable {
    /// The current elements, outside any recording.
    public var stored: Tensor<Float> {
        didSet {
            precondition(
                stored.shape == oldValue.shape,
                "A parameter keeps its shape \(oldValue.shape); it was given \(stored.shape).")
        }
    }
    public let isTrainable: Bool

    public init(_ initial: Tensor<Float>, isTrainable: Bool = true) {
        stored = initial
        self.isTrainable = isTrainable
    }

    public var shape: Shape { stored.shape }

    /// The elements, as a leaf of the tape that records here, if one does.
    public var value: Tensor<Float> {
        guard isTrainable, let tape = Tape.current else { return stored }
        if let leaf = tape.leaves[ObjectIdentifier(self)] {
            var tensor = stored
            tensor.node = leaf
            return tensor
        }
        let watched = tape.watch(stored)
        tape.leaves[ObjectIdentifier(self)] = watched.node
        return watched
    }
}

/// The gradient of each parameter.
public struct Gradients: Sendable {
    private var byParameter: [ObjectIdentifier: Tensor<Float>] = [:]

    public init() {}

    public subscript(parameter: Parameter) -> Tensor<Float>? {
        get { byParameter[ObjectIdentifier(parameter)] }
        set { byParameter[ObjectIdentifier(parameter)] = newValue }
    }

    /// √Σ g² over all parameters.
    public var globalNorm: Double {
        // The order of a dictionary is random; that of a sum must not be.
        byParameter.values.map(\.sumOfSquares).sorted().reduce(0, +).squareRoot()
    }

    /// Every gradient times `factor`.
    public mutating func scale(by factor: Float) {
        for key in byParameter.keys { byParameter[key] = byParameter[key].map { $0 * factor } }
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// Σ x², summed in double precision.
    package var sumOfSquares: Double {
        withUnsafeBuffer { $0.isEmpty ? 0 : Scalar.kernels.sum_of_squares($0.count, $0.baseAddress!) }
    }
}
