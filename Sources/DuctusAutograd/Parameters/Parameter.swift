/// A named, trainable array: the only reference type in a tree of layers, which are structs.
///
/// Reading `value` while a tape records makes the result a leaf of that tape. A parameter that is not trainable (a
/// running mean, for instance) is saved with the weights but never receives a gradient.
public final class Parameter: @unchecked Sendable {
    /// The current elements, outside any recording.
    public var stored: Tensor<Float> {
        // Not using `oldValue` lets writes through this property happen in place.
        didSet {
            precondition(
                stored.shape == shape, "A parameter has the fixed shape \(shape); it was assigned \(stored.shape).")
            cachedPacked = PackedWeights()
        }
    }
    /// The current elements in the layouts that kernels read. A training step uses them once and caches none.
    package var packed: PackedWeights<Float> { Tape.isRecording ? PackedWeights() : cachedPacked }
    private var cachedPacked = PackedWeights<Float>()
    /// The shape of the elements, which is fixed.
    public let shape: Shape
    /// Whether it receives gradients.
    public let isTrainable: Bool
    /// The path of this parameter in its network: `features.3.weight`. Empty until `nameParameters()` of the network.
    public var name = ""

    /// A parameter with initial elements and no name.
    public init(_ initial: Tensor<Float>, isTrainable: Bool = true) {
        stored = initial
        shape = initial.shape
        self.isTrainable = isTrainable
    }

    /// Calls `body` with the elements, for writing in place. (Through `stored`, other modules would write to a copy.)
    package func withUnsafeMutableBuffer<Result>(_ body: (UnsafeMutableBufferPointer<Float>) -> Result) -> Result {
        stored.withUnsafeMutableBuffer(body)
    }

    /// The elements, as a leaf of the current tape if there is one.
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

    /// The gradient of a parameter; `nil` if the function did not read it or it is not trainable.
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

    /// Scales all gradients by the same factor so that their global norm is at most `maximum` (Pascanu et al. 2013).
    public mutating func clip(toNorm maximum: Double) {
        let norm = globalNorm
        if norm > maximum { scale(by: Float(maximum / norm)) }
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// Σ x², in double precision.
    package var sumOfSquares: Double {
        withUnsafeBuffer { $0.isEmpty ? 0 : Scalar.kernels.sum_of_squares($0.count, $0.baseAddress!) }
    }
}
