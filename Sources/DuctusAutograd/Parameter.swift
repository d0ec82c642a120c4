
/// A named, trainable array: the only reference in a tree of layers, which are structs.
///
/// Reading `value` while a tape records makes the result a leaf of that tape. A parameter that is not trainable (a
/// running mean, for instance) is saved with the weights and never receives a gradient.
public final class Parameter: @unchecked Sendable {
    /// The current elements, outside any recording.
    public var stored: Tensor<Float> {
        // Without a mention of the old value, writing through this property happens in place.
        didSet {
            precondition(stored.shape == shape, "A parameter keeps its shape \(shape); it was given \(stored.shape).")
            keptPacked = PackedWeights()
        }
    }
    /// The current elements in the layouts that kernels read. A training step uses them once, so it keeps none.
    package var packed: PackedWeights<Float> { Tape.isRecording ? PackedWeights() : keptPacked }
    private var keptPacked = PackedWeights<Float>()
    /// The shape of the elements, which stays.
    public let shape: Shape
    /// Whether it receives gradients.
    public let isTrainable: Bool
    /// Where in a network this parameter is: `features.3.weight`. Empty until the network has been asked for names.
    public var name = ""

    /// A parameter that begins with these elements; it has no name yet.
    public init(_ initial: Tensor<Float>, isTrainable: Bool = true) {
        stored = initial
        shape = initial.shape
        self.isTrainable = isTrainable
    }

    /// Calls `body` with the elements, for writing in place. (From another module, `stored` is copied and put back.)
    package func withUnsafeMutableBuffer<Result>(_ body: (UnsafeMutableBufferPointer<Float>) -> Result) -> Result {
        stored.withUnsafeMutableBuffer(body)
    }

    /// The elements, as a leaf of the tape that records here, if one does.
    public var value: Tensor<Float> {
        Observation.observer?.didRead(self)
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

/// The gradient of each parameter that received one, in the order of the parameters.
///
/// ```swift
/// var (loss, gradients) = valueAndGradient(of: network) { softmaxCrossEntropy($0(images), labels) }
/// gradients.clip(toNorm: 5)
/// optimizer.step(gradients)
/// ```
public struct Gradients: Sendable {
    package private(set) var entries: [(parameter: Parameter, gradient: Tensor<Float>)] = []

    mutating func append(_ gradient: Tensor<Float>, for parameter: Parameter) { entries.append((parameter, gradient)) }

    /// The gradient of a parameter; `nil` where the function did not depend on it, or where it is not trainable.
    public subscript(parameter: Parameter) -> Tensor<Float>? {
        entries.first { $0.parameter === parameter }?.gradient
    }

    /// √Σ g² over all parameters.
    public var globalNorm: Double {
        let gradients = entries.map { $0.gradient.dense() }
        return withExtendedLifetime(gradients) {
            let chunks = Chunk.all(of: gradients.map(\.count))
            let bases = gradients.map { $0.withUnsafeBuffer { $0.baseAddress! } }
            return chunks.parallelMap { Float.kernels.sum_of_squares($0.count, bases[$0.array] + $0.start) }
                .reduce(0, +).squareRoot()
        }
    }

    /// Every gradient times `factor`.
    public mutating func scale(by factor: Float) {
        for index in entries.indices { entries[index].gradient = entries[index].gradient * factor }
    }

    /// Scales all gradients down together where their global norm is above `maximum` (Pascanu et al. 2013).
    public mutating func clip(toNorm maximum: Double) {
        let norm = globalNorm
        if norm > maximum { scale(by: Float(maximum / norm)) }
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// Σ x², summed in double precision.
    package var sumOfSquares: Double {
        withUnsafeBuffer { $0.isEmpty ? 0 : Scalar.kernels.sum_of_squares($0.count, $0.baseAddress!) }
    }
}
