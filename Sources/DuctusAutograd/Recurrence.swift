/// One direction of a recurrent layer over a batch, and what its gradient needs. All arrays are `[time, batch, …]`.
protocol RecurrentDirection<Scalar>: AnyObject {
    associatedtype Scalar: FloatingScalar

    /// Runs the recurrence for some sequences.
    func run(_ rows: Range<Int>)

    /// The recurrent weights as ``runGradient(_:_:_:)`` reads them.
    func gradientPanels() -> Tensor<Scalar>

    /// Goes back through some sequences, last step first.
    func runGradient(_ rows: Range<Int>, _ upstream: Tensor<Scalar>, _ panels: Tensor<Scalar>)

    /// `[time, batch, in]`
    func inputGradient() -> Tensor<Scalar>

    /// In the order of the parameters.
    func weightGradients() -> [Tensor<Scalar>]
}

/// How long each sequence of a batch is. Behind its end a sequence has no state and no gradient, so that a direction that
/// reads from the end of the batch is as new as at its first step when it comes to the end of a sequence.
struct SequenceLengths: Sendable {
    private let lengths: [Int]?

    init(_ lengths: [Int]?, of x: Shape, _ function: String) {
        if let lengths {
            precondition(
                lengths.count == x[0] && lengths.allSatisfy { 0...x[1] ~= $0 },
                "\(function): the lengths are \(lengths); there must be \(x[0]), from 0 to \(x[1]).")
        }
        self.lengths = lengths
    }

    /// Calls `body` with the place within `rows` of every sequence that has ended before `position`.
    func forEachEnded(at position: Int, of rows: Range<Int>, _ body: (Int) -> Void) {
        guard let lengths else { return }
        for row in rows where lengths[row] <= position { body(row - rows.lowerBound) }
    }
}

/// A recurrent layer over whole sequences: `[batch, time, in]` → `[batch, time, width]`, the recorded output of `x` and
/// `parameters`.
///
/// - Parameters:
///   - width: of the states of all directions, side by side.
///   - directions: makes the directions from the sequence and from where the states shall go, both `[time, batch, …]`.
func recurrence<Direction: RecurrentDirection>(
    _ x: Tensor<Direction.Scalar>, width: Int, parameters: [Tensor<Direction.Scalar>],
    directions: (_ sequence: Tensor<Direction.Scalar>, _ states: Tensor<Direction.Scalar>) -> [Direction]
) -> Tensor<Direction.Scalar> {
    let (batch, time) = (x.shape[0], x.shape[1])
    let sequence = x.detached().transposed(0, 1).dense()
    let states = Tensor<Direction.Scalar>.scratch(time * batch * width).reshaped(to: [time, batch, width])
    let directions = directions(sequence, states)
    forEachPart(directions: directions.count, batch: batch) { directions[$0].run($1) }
    // Biases have one axis and multiply nothing.
    Observation.observer?.didMultiply(batch * time * parameters.reduce(0) { $0 + ($1.rank == 2 ? $1.count : 0) })
    let needsInput = x.isRecorded
    return states.transposed(0, 1).recorded(inputs: [x] + parameters) { upstream in
        let upstream = upstream.transposed(0, 1).dense()
        let panels = directions.map { $0.gradientPanels() }
        forEachPart(directions: directions.count, batch: batch) {
            directions[$0].runGradient($1, upstream, panels[$0])
        }
        var dx: Tensor<Direction.Scalar>?
        if needsInput {
            dx = directions.dropFirst().reduce(into: directions[0].inputGradient()) { $0 += $1.inputGradient() }
        }
        return [dx?.transposed(0, 1)] + directions.flatMap { $0.weightGradients() }
    }
}

/// Calls `body` with directions of a recurrent layer and parts of its batch. Directions run side by side, and so do
/// parts where threads are left; sums do not depend on the parts.
private func forEachPart(directions: Int, batch: Int, _ body: (Int, Range<Int>) -> Void) {
    let parts = max(1, min(Threads.count / directions, batch / 8))
    parallel(directions * parts) { task in
        let part = task % parts
        body(task / parts, batch * part / parts..<batch * (part + 1) / parts)
    }
}
