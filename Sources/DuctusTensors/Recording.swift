/// One recorded operation: which nodes it read, and how its output's gradient becomes theirs.
package final class Node<Scalar: TensorScalar>: TapeEntry, @unchecked Sendable {
    let inputs: [Node?]
    private var backward: ((Tensor<Scalar>) -> [Tensor<Scalar>?])?
    let accumulate: (inout Tensor<Scalar>, Tensor<Scalar>) -> Void

    /// The gradient gathered so far.
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

    /// Hands the gradient on, and drops it together with what the operation saved.
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
/// A tensor is recorded when a parameter or watched tensor of the tape reached it; everything else costs nothing.
/// Gradients of recorded tensors are themselves not recorded: there are no second derivatives.
public final class Tape: @unchecked Sendable {
    private var entries: [any TapeEntry] = []
    private var hasRun = false
    package var leaves: [ObjectIdentifier: Node<Float>] = [:]

    package init() {}

    /// The tape that records on this task, if any. Layers that act in training alone (dropout, batch statistics)
    /// look here, so there is no mode to switch.
    @TaskLocal package static var current: Tape?

    /// Whether a tape records here.
    public static var isRecording: Bool { current != nil }

    /// A leaf: `tensor` whose gradient is wanted.
    package func watch<Scalar: FloatingScalar>(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
        var watched = tensor
        watched.node = Node(tape: self, inputs: [], accumulate: { $0 += $1 }, backward: nil)
        return watched
    }

    func append(_ entry: any TapeEntry) { entries.append(entry) }

    /// Walks the tape backwards from an output with its gradient; leaves keep theirs. A tape runs once.
    package func propagate<Scalar: FloatingScalar>(_ gradient: Tensor<Scalar>, from output: Tensor<Scalar>) {
        precondition(
            gradient.shape == output.shape, "The gradient is \(gradient.shape) and what it is of, \(output.shape).")
        precondition(!hasRun, "A tape runs once: record anew before going backwards again.")
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
    ///   - inputs: what the operation read.
    ///   - backward: from the gradient of this tensor to that of each input, `nil` where none is needed. Save outputs
    ///     rather than inputs where the derivative allows.
    @_specialize(where Scalar == Float)
    public func recorded(
        inputs: [Tensor], backward: @escaping (Tensor) -> [Tensor?]
    ) -> Tensor {
        // A key path would be looked up by name at every call, for the element type is not known here.
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
    ///   - input: what the operation read.
    ///   - backward: from the gradient of this tensor to that of the input.
    @_specialize(where Scalar == Float)
    public func recorded(from input: Tensor, backward: @escaping (Tensor) -> Tensor) -> Tensor {
        guard input.node != nil else { return self }
        return recorded(inputs: [input]) { [backward($0)] }
    }

    /// Whether a tape records what happens to this tensor.
    public var isRecorded: Bool { node != nil }

    /// This tensor, no longer recorded: gradients stop here.
    public func detached() -> Tensor {
        var copy = self
        copy.node = nil
        return copy
    }
}
