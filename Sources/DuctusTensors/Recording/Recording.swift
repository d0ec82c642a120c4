extension Tensor {
    /// Makes this tensor the recorded output of an operation with several inputs.
    ///
    /// - Parameters:
    ///   - inputs: the inputs of the operation.
    ///   - operation: the name of the operation in profiles: that of the function that calls this, by default.
    ///   - backward: computes the gradients of the inputs from that of this tensor: one for every input, of its shape,
    ///     and `nil` where none is needed. If the derivative can be expressed by the output, capture that rather than
    ///     the inputs.
    @_specialize(where Scalar == Float)
    public func recorded(
        inputs: [Tensor], operation: String = #function, backward: @escaping (Tensor) -> [Tensor?]
    ) -> Tensor {
        let backward = Observation.observer == nil ? backward : observed(operation, inputs, backward)
        // A key path would be looked up by name at every call, since the code is generic over the element type.
        let nodes = inputs.map { $0.node }
        guard nodes.contains(where: { $0 != nil }) else { return self }
        var output = self
        output.node = Node.recording(nodes, operation, shape, backward: backward)
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
    ///   - operation: the name of the operation in profiles: that of the function that calls this, by default.
    ///   - backward: computes the gradient of the input, of its shape, from that of this tensor.
    @_specialize(where Scalar == Float)
    public func recorded(
        from input: Tensor, operation: String = #function, backward: @escaping (Tensor) -> Tensor
    ) -> Tensor {
        guard input.node != nil || Observation.observer != nil else { return self }
        return recorded(inputs: [input], operation: operation) { [backward($0)] }
    }

    /// Whether a tape records this tensor. A tensor that outlives its recording is a plain value.
    public var isRecorded: Bool { node?.isRecording ?? false }

    /// This tensor without its recording: gradients stop here.
    public func detached() -> Tensor {
        var copy = self
        copy.node = nil
        return copy
    }

    /// This tensor without its recording by one tape.
    package func detached(from tape: Tape) -> Tensor {
        var copy = self
        copy.node = node?.without(tape)
        return copy
    }
}

extension Node {
    /// The nodes of an operation's output on all tapes that record one of its inputs; nil if none does.
    @_specialize(where Scalar == Float)
    fileprivate static func recording(
        _ inputs: [Node?], _ operation: String, _ shape: Shape, backward: @escaping Backward
    ) -> Node? {
        // Nearly always there is one tape.
        if let first = inputs.first(where: { $0 != nil }) ?? nil, let tape = first.tape,
            inputs.allSatisfy({ $0 == nil || $0?.next == nil && $0?.tape === tape }),
            let node = tape.append(
                operation, shape, inputs, next: nil, accumulate: first.accumulate, backward: backward)
        {
            return node
        }
        return recordingOnAll(inputs, operation, shape, backward)
    }

    private static func recordingOnAll(
        _ inputs: [Node?], _ operation: String, _ shape: Shape, _ backward: @escaping Backward
    ) -> Node? {
        var tapes: [Tape] = []
        for tape in inputs.flatMap({ $0?.recordingTapes ?? [] }) where !tapes.contains(where: { $0 === tape }) {
            tapes.append(tape)
        }
        guard let accumulate = inputs.lazy.compactMap({ $0 }).first?.accumulate else { return nil }
        for tape in tapes { tape.meet(tapes) }
        return tapes.reduce(nil) { next, tape in
            tape.append(
                operation, shape, inputs.map { $0?.on(tape) }, next: next, accumulate: accumulate, backward: backward)
                ?? next
        }
    }

    /// The nodes of the same tensor on the tapes that still record it, except `tape`.
    fileprivate func without(_ tape: Tape) -> Node? {
        guard next != nil else { return self.tape === tape ? nil : self }
        return recordingTapes.filter { $0 !== tape }.reduce(nil) { rest, other in
            other.append("detached", shape, [on(other)], next: rest, accumulate: accumulate) { [$0] } ?? rest
        }
    }
}
