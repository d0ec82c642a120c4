/// A named, trainable array: the only reference type in a tree of layers, which are structs.
///
/// Reading `value` while a tape records makes the result a leaf of that tape, if the recording asks for its gradient. A
/// parameter that is not trainable (a running mean, for instance) is saved with the weights but never receives a gradient.
///
/// Any thread may read and write a parameter at any time; see ``Snapshot`` for predictions during training.
///
/// Sendable: what changes is reached only under the lock of all parameters.
public final class Parameter: @unchecked Sendable {
    /// Elements, and their layouts for kernels.
    struct Content: Sendable {
        var tensor: Tensor<Float>
        var packed = PackedWeights<Float>()
    }

    private var content: Content
    private var storedName = ""
    /// The shape of the elements, which is fixed.
    public let shape: Shape
    /// Whether it receives gradients.
    public let isTrainable: Bool

    /// One lock for all parameters, so that a training step changes all of a network at once. Reading takes it for as long
    /// as retaining a tensor takes.
    private static let lock = Locked(())

    /// A parameter with initial elements and no name.
    public init(_ initial: Tensor<Float>, isTrainable: Bool = true) {
        content = Content(tensor: initial.detached())
        shape = initial.shape
        self.isTrainable = isTrainable
    }

    /// The path of this parameter in its network: `features.3.weight`. Empty until `nameParameters()` of the network.
    public var name: String {
        get { Self.lock.withLock { _ in storedName } }
        set { Self.lock.withLock { _ in storedName = newValue } }
    }

    /// The current elements, outside any recording.
    public var stored: Tensor<Float> {
        get { current.tensor }
        set { Self.assign([(self, newValue)]) }
    }

    /// The current elements; those of the snapshot during the call of one.
    var current: Content {
        if let snapshot = SnapshotContents.current, let known = snapshot[ObjectIdentifier(self)] { return known }
        return Self.lock.withLock { _ in content }
    }

    /// The elements, as a leaf of the current tape and of those around it, as far as they ask for its gradient.
    public var value: Tensor<Float> {
        Observation.observer?.didRead(self)
        guard isTrainable, let tape = Tape.current else { return stored }
        return tape.value(of: ObjectIdentifier(self), stored)
    }

    /// Whether a current recording asks for the gradient.
    package var isWatched: Bool { isTrainable && Tape.current?.watches(ObjectIdentifier(self)) ?? false }

    /// The elements in the layouts that kernels read.
    package var packed: PackedWeights<Float> { current.packed }

    /// The layouts of elements that have been read from this parameter. A training step uses them once and caches none.
    package func packed(_ value: Tensor<Float>) -> PackedWeights<Float> {
        guard !isWatched else { return PackedWeights() }
        let current = current
        return current.tensor.isSameView(as: value) ? current.packed : PackedWeights()
    }

    // MARK: Several at once

    /// Gives parameters new elements. No reader sees some of them only.
    package static func assign(_ values: [(parameter: Parameter, value: Tensor<Float>)]) {
        for (parameter, value) in values {
            precondition(
                value.shape == parameter.shape,
                "A parameter has the fixed shape \(parameter.shape); it was assigned \(value.shape).")
        }
        lock.withLock { _ in
            for (parameter, value) in values { parameter.content = Content(tensor: value.detached()) }
        }
    }

    /// Calls `body` with the elements of different parameters, to be changed in place, and assigns `others`. No reader sees
    /// some of the changes only, and `body` must not read any parameter.
    package static func update(
        _ parameters: [Parameter], assigning others: [(parameter: Parameter, value: Tensor<Float>)] = [],
        _ body: ([UnsafeMutablePointer<Float>]) -> Void
    ) {
        lock.withLock { _ in
            // Moved out, so that elements that nobody else holds are changed in place.
            var tensors = parameters.map { parameter in
                var tensor = Tensor<Float>(0)
                swap(&tensor, &parameter.content.tensor)
                return tensor
            }
            Tensor.withUnsafeMutablePointers(to: &tensors, body)
            for (parameter, tensor) in zip(parameters, tensors) { parameter.content = Content(tensor: tensor) }
            for (parameter, value) in others { parameter.content = Content(tensor: value) }
        }
    }

    /// The elements of parameters at one moment, never between the parts of a training step.
    static func contents(of parameters: [Parameter]) -> [Content] {
        lock.withLock { _ in parameters.map(\.content) }
    }

    /// The elements of parameters at one moment, never between the parts of a training step.
    package static func values(of parameters: [Parameter]) -> [Tensor<Float>] {
        if SnapshotContents.current != nil { return parameters.map(\.stored) }
        return contents(of: parameters).map(\.tensor)
    }
}
