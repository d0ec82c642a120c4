/// One recorded operation: the nodes of its inputs, and how to compute their gradients from that of its output.
package final class Node<Scalar: TensorScalar>: TapeEntry, @unchecked Sendable {
    let inputs: [Node?]
    private var backward: ((Tensor<Scalar>) -> [Tensor<Scalar>?])?
    let accumulate: (inout Tensor<Scalar>, Tensor<Scalar>) -> Void

    /// The gradient accumulated so far.
    package var gradient: Tensor<Scalar>?
    package unowned let tape: Tape

    init(
        tape: Tape, inputs: [Node?], accumulate: @escaping (inout Tensor<Scalar>, Tensor<Scalar>) -> Void,
        backward: ((Tensor<Scalar>) -> [Tensor<Scalar>?])?
    ) {
        self.tape = tape
        self.inputs = inputs
        self.accumulate = accumulate
        self.backward = backward
    }

    @_specialize(where Scalar == Float)
    func add(_ more: Tensor<Scalar>) {
        guard var sum = gradient.take() else {
            gradient = more
            return
        }
        accumulate(&sum, more)
        gradient = sum
    }

    /// Propagates the gradient to the inputs, and releases it together with what the operation saved.
    @_specialize(where Scalar == Float)
    func propagate() {
        guard let backward else { return }
        self.backward = nil
        guard let gradient = gradient.take() else { return }
        for (input, part) in zip(inputs, backward(gradient)) {
            if let input, let part { input.add(part) }
        }
    }
}

protocol TapeEntry: AnyObject {
    func propagate()
}

/// The operations of one computation, in order.
///
/// A tensor is recorded if it depends on a parameter or watched tensor; other tensors cost nothing. Gradients are not
/// recorded themselves, so there are no second derivatives.
public final class Tape: @unchecked Sendable {
    private var entries: [any TapeEntry] = []
    private var hasRun = false
    package var leaves: [ObjectIdentifier: Node<Float>] = [:]

    package init() {}

    /// The tape that records in this task, if any. Layers that behave differently in training (dropout, batch
    /// statistics) check it, so there is no training mode to switch.
    @TaskLocal package static var current: Tape?

    /// Whether a tape records in this task.
    public static var isRecording: Bool { current != nil }

    /// `tensor` as a leaf of the tape, whose gradient is wanted.
    package func watch<Scalar: FloatingScalar>(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
        var watched = tensor
        watched.node = Node(tape: self, inputs: [], accumulate: { $0 += $1 }, backward: nil)
        return watched
    }

    func append(_ entry: any TapeEntry) { entries.append(entry) }

    /// Propagates `gradient` from `output` back to the leaves, which keep theirs. A tape can run only once.
    package func propagate<Scalar: FloatingScalar>(_ gradient: Tensor<Scalar>, from output: Tensor<Scalar>) {
        precondition(
            gradient.shape == output.shape,
            "The gradient has shape \(gradient.shape) but its tensor has shape \(output.shape).")
        precondition(!hasRun, "A tape can run only once; record the computation again.")
        hasRun = true
        guard let node = output.node else { return }
        node.add(gradient.detached())
        while let entry = entries.popLast() { entry.propagate() }
    }
}

extension Tensor {
    /// Makes this tensor the recorded output of an operation with several inputs.
    ///
    /// - Parameters:
    ///   - inputs: the inputs of the operation.
    ///   - backward: computes the gradients of the inputs from that of this tensor, `nil` where none is needed. If the
    ///     derivative can be expressed by the output, capture that rather than the inputs.
    @_specialize(where Scalar == Float)
    public func recorded(
        inputs: [Tensor], backward: @escaping (Tensor) -> [Tensor?]
    ) -> Tensor {
        // A key path would be looked up by name at every call, since the code is generic over the element type.
        let nodes = inputs.map { $0.node }
        guard let first = nodes.first(where: { $0 != nil }) ?? nil else { return self }
        var output = self
        let node = Node(tape: first.tape, inputs: nodes, accumulate: first.accumulate, backward: backward)
        output.node = node
        first.tape.append(node)
        return output
    }

    /// Makes this tensor the recorded output of an operation with one input.
    ///
    /// ```swift
    /// let y = x.detached().tanh()
    /// return y.recorded(from: x) { gradient in gradient * (1 - y.squared()) }
    /// ```
    /// - Parameters:
    ///   - input: the input of the operation.
    ///   - backward: computes the gradient of the input from that of this tensor.
    @_specialize(where Scalar == Float)
    public func recorded(from input: Tensor, backward: @escaping (Tensor) -> Tensor) -> Tensor {
        guard input.node != nil else { return self }
        return recorded(inputs: [input]) { [backward($0)] }
    }

    /// Whether a tape records this tensor.
    public var isRecorded: Bool { node != nil }

    /// This tensor without its recording: gradients stop here.
    public func detached() -> Tensor {
        var copy = self
        copy.node = nil
        return copy
    }
}
