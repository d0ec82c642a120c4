/// A recurrent layer over whole sequences: `[batch, time, in]` → `[batch, time, directions · hidden]`.
///
/// `packed` has the packed weights of each direction.
@_specialize(where Weights == LSTMWeights<Float>)
@_specialize(where Weights == GRUWeights<Float>)
package func recurrence<Weights: RecurrentWeights>(
    _ x: Tensor<Weights.Scalar>, forward: Weights?, backward: Weights?, lengths: [Int]?,
    packed: [PackedRecurrentWeights<Weights.Scalar>]? = nil
) -> Tensor<Weights.Scalar> {
    typealias Scalar = Weights.Scalar
    let given = [forward, backward].compactMap { $0 }
    guard let hidden = given.first?.parameters[1].shape[0] else {
        preconditionFailure("\(Weights.name): at least one direction is needed.")
    }
    for weights in given { weights.check(x.shape, hidden: hidden) }
    let lengths = SequenceLengths(lengths, of: x.shape, Weights.name)
    let (batch, time, width) = (x.shape[0], x.shape[1], given.count * hidden)
    let parameters = given.flatMap(\.parameters)
    return Tensor.operation(Weights.name, of: [x] + parameters, [("directions", "\(given.count)")]) {
        let sequence = lengths.clearing(x.detached().transposed(0, 1).dense())
        let states = Tensor<Scalar>.scratch(time * batch * width).reshaped(to: [time, batch, width])
        let directions = given.indices.map { d in
            RecurrentDirection(
                given[d], packed?[d] ?? PackedRecurrentWeights(), sequence: sequence, states: states,
                offset: d * hidden,
                reversed: d == 1 || forward == nil, lengths: lengths)
        }
        forEachPart(directions: directions.count, batch: batch) { directions[$0].run($1) }
        // Biases, which have one axis, multiply nothing.
        Observation.observer?.didMultiply(batch * time * parameters.reduce(0) { $0 + ($1.rank == 2 ? $1.count : 0) })
        let needsInput = x.isRecorded
        let hasRun = Locked(false)
        return states.transposed(0, 1).recorded(inputs: [x] + parameters) { upstream in
            let isFirst = hasRun.withLock { hasRun in
                defer { hasRun = true }
                return !hasRun
            }
            precondition(
                isFirst,
                "\(Weights.name): the gates have become gradients in the backward pass of another recording; compute the layer "
                    + "anew for each.")
            let upstream = upstream.transposed(0, 1).dense()
            let panels = directions.map { $0.gradientPanels() }
            forEachPart(directions: directions.count, batch: batch) {
                directions[$0].runGradient($1, upstream, panels[$0])
            }
            var dx: Tensor<Scalar>?
            if needsInput {
                dx = directions.dropFirst().reduce(into: directions[0].inputGradient()) { $0 += $1.inputGradient() }
            }
            return [dx?.transposed(0, 1)] + directions.flatMap { $0.weightGradients() }
        }
    }
}

/// Calls `body` with the directions of a recurrent layer and parts of its batch. Directions run in parallel, and so do
/// parts if there are enough threads; sums do not depend on the parts.
private func forEachPart(directions: Int, batch: Int, _ body: (Int, Range<Int>) -> Void) {
    let parts = max(1, min(Threads.count / directions, batch / 8))
    parallel(directions * parts) { task in
        let part = task % parts
        body(task / parts, batch * part / parts..<batch * (part + 1) / parts)
    }
}

/// The lengths of the sequences of a batch. Past its end a sequence has zero state and gradient, so that the reverse
/// direction, which starts at the end of the batch, is in its initial state at the sequence's last step.
struct SequenceLengths: Sendable {
    private let lengths: [Int]?

    init(_ lengths: [Int]?, of x: Shape, _ function: String) {
        if let lengths {
            precondition(
                lengths.count == x[0] && lengths.allSatisfy { 0...x[1] ~= $0 },
                "\(function): lengths are \(lengths); there must be \(x[0]), from 0 to \(x[1]).")
        }
        self.lengths = lengths
    }

    /// The steps of a batch, `[time, batch, features]`, with zeros past the end of every sequence, whatever was there.
    func clearing<Scalar: FloatingScalar>(_ sequence: consuming Tensor<Scalar>) -> Tensor<Scalar> {
        let (time, batch, features) = (sequence.shape[0], sequence.shape[1], sequence.shape[2])
        guard let lengths, lengths.contains(where: { $0 < time }) else { return sequence }
        sequence.withUnsafeMutableBuffer { steps in
            guard let base = steps.baseAddress else { return }
            for (row, length) in lengths.enumerated() {
                for step in length..<time { (base + (step * batch + row) * features).zero(features) }
            }
        }
        return sequence
    }

    /// Calls `body` with the index within `rows` of every sequence that ends at or before `position`.
    func forEachEnded(at position: Int, of rows: Range<Int>, _ body: (Int) -> Void) {
        guard let lengths else { return }
        for row in rows where lengths[row] <= position { body(row - rows.lowerBound) }
    }
}
