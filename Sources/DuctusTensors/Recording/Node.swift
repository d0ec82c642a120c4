/// A tensor's place on a tape: the nodes of the operation's inputs, and how to compute their gradients from its own.
///
/// A tensor that several tapes record has a node on each, linked by `next`.
///
/// Sendable: what changes after `init` is used only by the one thread that walks the tape or frees it, which has taken
/// the node out of the tape under its lock.
package final class Node<Scalar: TensorScalar>: TapeEntry, @unchecked Sendable {
    typealias Backward = (Tensor<Scalar>) -> [Tensor<Scalar>?]

    /// The tape, until it ends. Tapes own their nodes, and tensors may outlive their tape.
    private(set) weak var tape: Tape?
    /// The node of the same tensor on another tape.
    let next: Node?
    /// The name of the operation in messages.
    private let operation: String
    private var inputs: [Node?]
    private var backward: Backward?
    let accumulate: (inout Tensor<Scalar>, Tensor<Scalar>) -> Void

    /// The gradient so far. Until there is one, its shape is kept in its place, so that a node needs no more memory.
    private enum Accumulation {
        case empty(Shape)
        case sum(Tensor<Scalar>)
    }
    private var accumulation: Accumulation

    init(
        tape: Tape, operation: String, shape: Shape, inputs: [Node?], next: Node?,
        accumulate: @escaping (inout Tensor<Scalar>, Tensor<Scalar>) -> Void, backward: Backward?
    ) {
        (self.tape, self.inputs, self.next) = (tape, inputs, next)
        (self.operation, self.accumulate, self.backward) = (operation, accumulate, backward)
        accumulation = .empty(shape)
    }

    /// The gradient accumulated so far.
    package var gradient: Tensor<Scalar>? {
        switch accumulation {
        case .empty: nil
        case .sum(let gradient): gradient
        }
    }

    /// The shape of the tensor, and so of its gradient.
    var shape: Shape {
        switch accumulation {
        case .empty(let shape): shape
        case .sum(let gradient): gradient.shape
        }
    }

    /// The tape, if it still records.
    var recordingTape: Tape? {
        guard let tape, tape.isOpen else { return nil }
        return tape
    }

    /// Whether any tape still records the tensor.
    var isRecording: Bool { recordingTape != nil || next?.isRecording == true }

    /// The node of the same tensor on a tape.
    package func on(_ tape: Tape) -> Node? { self.tape === tape ? self : next?.on(tape) }

    /// The tapes that still record the tensor.
    var recordingTapes: [Tape] { (recordingTape.map { [$0] } ?? []) + (next?.recordingTapes ?? []) }

    @_specialize(where Scalar == Float)
    func add(_ more: Tensor<Scalar>) {
        guard var sum = takeGradient() else {
            accumulation = .sum(more)
            return
        }
        accumulate(&sum, more)
        accumulation = .sum(sum)
    }

    /// The gradient, which is kept here no longer, so that it can be changed in place.
    private func takeGradient() -> Tensor<Scalar>? {
        guard case .sum(let gradient) = accumulation else { return nil }
        accumulation = .empty(gradient.shape)
        return gradient
    }

    /// Propagates the gradient to the inputs, and releases it together with what the operation saved.
    @_specialize(where Scalar == Float)
    func propagate() {
        guard let backward else { return }
        if let gradient = takeGradient() {
            let parts = backward(gradient)
            precondition(
                parts.count == inputs.count,
                "\(operation): the number of gradients is \(parts.count); it must be that of the inputs, "
                    + "\(inputs.count).")
            for (number, part) in parts.enumerated() {
                guard let part, let input = inputs[number] else { continue }
                precondition(
                    part.shape == input.shape,
                    "\(operation): the gradient of input \(number) has shape \(part.shape); it must have that of the "
                        + "input, \(input.shape).")
                input.add(part.detached())
            }
        }
        release()
    }

    /// Drops the inputs and what the operation saved, so that freeing a long computation needs no deep recursion.
    func release() { (backward, inputs) = (nil, []) }

    var inputIdentities: [ObjectIdentifier] { inputs.compactMap { $0.map(ObjectIdentifier.init) } }
}

/// A node of any element type.
protocol TapeEntry: AnyObject {
    /// The nodes of the inputs.
    var inputIdentities: [ObjectIdentifier] { get }
    func propagate()
    func release()
}
