import Synchronization

/// The operations of one computation, in order.
///
/// A tensor is recorded if it depends on a parameter or watched tensor; other tensors cost nothing. Recordings may be
/// nested or interleaved: each counts as constant what only another one records. Gradients are not recorded themselves,
/// so there are no second derivatives: a gradient that depends on tensors of another recording traps if that recording
/// asks for its derivative.
///
/// Sendable: everything that changes is behind a lock.
public final class Tape: Sendable {
    private struct State {
        var entries: [any TapeEntry] = []
        var leaves: [ObjectIdentifier: Node<Float>] = [:]
        /// The tapes of other recordings that tensors of this one depend on.
        var others: [Other] = []
    }
    private struct Other { weak var tape: Tape? }
    private let state = Locked(State())
    private let isRecordingOperations = Atomic(true)
    /// The tape of the enclosing recording, if any.
    package let enclosing: Tape?
    /// The parameters that are leaves of this tape.
    package let parameters: Set<ObjectIdentifier>

    package init(parameters: Set<ObjectIdentifier> = [], inside enclosing: Tape? = Tape.current) {
        (self.parameters, self.enclosing) = (parameters, enclosing)
    }

    deinit {
        var entries = close() ?? []
        while let entry = entries.popLast() { entry.release() }
    }

    /// The tape that records in this task, if any.
    @TaskLocal package static var current: Tape?

    /// Whether a tape records in this task.
    public static var isRecording: Bool { current != nil }

    /// Whether operations are still recorded: until the backward pass.
    var isOpen: Bool { isRecordingOperations.load(ordering: .acquiring) }

    /// `tensor` as a leaf of the tape, whose gradient is wanted. Other tapes that record it keep doing so.
    package func watch<Scalar: FloatingScalar>(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
        var watched = tensor
        meet(tensor.node?.recordingTapes ?? [])
        watched.node = leaf(tensor.shape, on: tensor.node)
        return watched
    }

    /// The value of a parameter as a leaf of this tape and of the enclosing ones, as far as they ask for its gradient.
    package func value(of parameter: ObjectIdentifier, _ stored: Tensor<Float>) -> Tensor<Float> {
        var value = enclosing?.value(of: parameter, stored) ?? stored
        guard isOpen, parameters.contains(parameter) else { return value }
        value.node = state.withLock { state in
            if let known = state.leaves[parameter] { return known }
            let new = leaf(stored.shape, on: value.node)
            state.leaves[parameter] = new
            return new
        }
        return value
    }

    /// Whether this tape or one around it asks for the gradient of a parameter.
    package func watches(_ parameter: ObjectIdentifier) -> Bool {
        parameters.contains(parameter) || enclosing?.watches(parameter) ?? false
    }

    private func leaf<Scalar: FloatingScalar>(_ shape: Shape, on next: Node<Scalar>?) -> Node<Scalar> {
        Node(
            tape: self, operation: "leaf", shape: shape, inputs: [], next: next, accumulate: { $0 += $1 },
            backward: nil)
    }

    /// Adds an operation and returns its node; nil if the tape has ended.
    func append<Scalar: TensorScalar>(
        _ operation: String, _ shape: Shape, _ inputs: [Node<Scalar>?], next: Node<Scalar>?,
        accumulate: @escaping (inout Tensor<Scalar>, Tensor<Scalar>) -> Void,
        backward: @escaping (Tensor<Scalar>) -> [Tensor<Scalar>?]
    ) -> Node<Scalar>? {
        let node = Node(
            tape: self, operation: operation, shape: shape, inputs: inputs, next: next, accumulate: accumulate,
            backward: backward)
        let isAdded = state.withLock { state in
            guard isOpen else { return false }
            state.entries.append(node)
            return true
        }
        return isAdded ? node : nil
    }

    /// Notes that a tensor of this tape is also one of others.
    func meet(_ tapes: [Tape]) {
        state.withLock { state in
            for tape in tapes where tape !== self && !state.others.contains(where: { $0.tape === tape }) {
                state.others.append(Other(tape: tape))
            }
        }
    }

    /// Ends the recording and returns its operations; nil if it has ended before.
    private func close() -> [any TapeEntry]? {
        state.withLock { state in
            guard isOpen else { return nil }
            isRecordingOperations.store(false, ordering: .releasing)
            defer { state.entries = [] }
            return state.entries
        }
    }

    /// Propagates `gradient` from `output` back to the leaves, which keep theirs. A tape can run only once.
    ///
    /// - Parameter whenFinal: called once for every parameter of the tape, as soon as its gradient does not change any more.
    package func propagate<Scalar: FloatingScalar>(
        _ gradient: Tensor<Scalar>, from output: Tensor<Scalar>, whenFinal: ((ObjectIdentifier) -> Void)? = nil
    ) {
        precondition(
            gradient.shape == output.shape,
            "The gradient has shape \(gradient.shape) but its tensor has shape \(output.shape).")
        guard var entries = close() else {
            preconditionFailure("A tape can run only once; record the computation again.")
        }
        // What comes of a gradient that others record depends on them.
        meet(gradient.node?.recordingTapes ?? [])
        output.node?.on(self)?.add(gradient.detached())
        let readers = whenFinal == nil ? [:] : firstReaders(entries)
        func tell(_ reader: Int?) { for parameter in readers[reader] ?? [] { whenFinal?(parameter) } }
        tell(nil)
        while let entry = entries.popLast() {
            entry.propagate()
            tell(entries.count)
        }
    }

    /// The parameters by the first operation that reads them, whose backward pass is the last to change their gradients; at
    /// nil, those that none reads.
    private func firstReaders(_ entries: [any TapeEntry]) -> [Int?: [ObjectIdentifier]] {
        var unread = Dictionary(
            uniqueKeysWithValues: state.withLock { $0.leaves }.map { (ObjectIdentifier($1), $0) })
        var readers: [Int?: [ObjectIdentifier]] = [:]
        for (index, entry) in entries.enumerated() {
            for input in entry.inputIdentities {
                if let parameter = unread.removeValue(forKey: input) { readers[index, default: []].append(parameter) }
            }
        }
        readers[nil] = Array(parameters.subtracting(readers.values.joined()))
        return readers
    }

    /// The gradient of a watched tensor after the backward pass, if it has one.
    package func gradient<Scalar: FloatingScalar>(of watched: Tensor<Scalar>) -> Tensor<Scalar>? {
        watched.node?.on(self)?.gradient.map(refusingDerivatives)
    }

    /// The gradient of a parameter after the backward pass, if it has one.
    package func gradient(of parameter: ObjectIdentifier) -> Tensor<Float>? {
        state.withLock { $0.leaves[parameter] }?.gradient.map(refusingDerivatives)
    }

    /// A gradient that other recordings use as a constant only, since it may depend on what they record.
    private func refusingDerivatives<Scalar: FloatingScalar>(_ gradient: Tensor<Scalar>) -> Tensor<Scalar> {
        func refuse(_: Tensor<Scalar>) -> [Tensor<Scalar>?] {
            preconditionFailure(
                "A gradient that depends on tensors of an outer recording has no derivative, since there are no second "
                    + "derivatives; call detached() on it to use it as a constant.")
        }
        var result = gradient.detached()
        for case let other? in state.withLock({ $0.others.map(\.tape) }) {
            let node = other.append(
                "gradient", result.shape, [], next: result.node, accumulate: { $0 += $1 }, backward: refuse)
            result.node = node ?? result.node
        }
        return result
    }
}
