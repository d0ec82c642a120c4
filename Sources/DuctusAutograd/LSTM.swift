import CDuctusKernels

/// The weights of one direction of an LSTM. Gates lie side by side in the order i, f, g, o.
public struct LSTMWeights<Scalar: FloatingScalar>: Sendable {
    /// `[in, 4 hidden]`
    public var input: Tensor<Scalar>
    /// `[hidden, 4 hidden]`
    public var recurrent: Tensor<Scalar>
    /// `[4 hidden]`
    public var bias: Tensor<Scalar>

    public init(input: Tensor<Scalar>, recurrent: Tensor<Scalar>, bias: Tensor<Scalar>) {
        (self.input, self.recurrent, self.bias) = (input, recurrent, bias)
    }

    fileprivate var all: [Tensor<Scalar>] { [input, recurrent, bias] }
    fileprivate var detached: LSTMWeights {
        LSTMWeights(
            input: input.detached().dense(), recurrent: recurrent.detached().dense(), bias: bias.detached().dense())
    }
}

/// The packed weights of one direction.
package struct PackedLSTMWeights<Scalar: FloatingScalar>: Sendable {
    let input: PackedWeights<Scalar>
    let recurrent: PackedWeights<Scalar>

    package init(input: PackedWeights<Scalar> = PackedWeights(), recurrent: PackedWeights<Scalar> = PackedWeights()) {
        (self.input, self.recurrent) = (input, recurrent)
    }
}

/// A long short-term memory over whole sequences, starting from zero states (Hochreiter and Schmidhuber 1997; forget
/// gate of Gers et al. 2000).
///
/// i, f, o = σ(x W + h′ U + b), g = tanh(…), c = f c′ + i g, h = o tanh c
///
/// Shapes: x `[batch, time, in]` → `[batch, time, hidden]`. With `backward` weights a second LSTM reads the sequence
/// from its end, and the last axis holds both outputs: `[batch, time, 2 hidden]`.
public func lstm<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, forward: LSTMWeights<Scalar>?, backward: LSTMWeights<Scalar>? = nil
) -> Tensor<Scalar> {
    lstm(x, forward: forward, backward: backward, packed: [PackedLSTMWeights(), PackedLSTMWeights()])
}

/// The same, with weights that may be packed already, one set a direction.
@_specialize(where Scalar == Float)
package func lstm<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, forward: LSTMWeights<Scalar>?, backward: LSTMWeights<Scalar>?,
    packed: [PackedLSTMWeights<Scalar>]
) -> Tensor<Scalar> {
    let given = [forward, backward].compactMap { $0 }
    guard let hidden = given.first?.recurrent.shape[0] else {
        preconditionFailure("lstm: at least one direction is needed.")
    }
    for weights in given {
        let inputs = x.shape.last ?? 0
        precondition(
            x.rank == 3 && weights.input.shape == [inputs, 4 * hidden]
                && weights.recurrent.shape == [hidden, 4 * hidden] && weights.bias.shape == [4 * hidden],
            "lstm: input is \(x.shape), weights \(weights.input.shape), \(weights.recurrent.shape) and "
                + "\(weights.bias.shape); they must be [batch, time, in], [in, 4 hidden], [hidden, 4 hidden], [4 hidden]."
        )
    }
    let (batch, time) = (x.shape[0], x.shape[1])
    let plain = x.detached()
    var directions: [LSTMDirection<Scalar>] = []
    if let forward { directions.append(LSTMDirection(forward.detached, plain.steps(reversed: false), false)) }
    if let backward { directions.append(LSTMDirection(backward.detached, plain.steps(reversed: true), true)) }
    let (saved, width) = (directions, hidden * directions.count)
    let output = Tensor<Scalar>(shape: [batch, time, width]) { out in
        guard out.count > 0 else { return }
        for (d, direction) in saved.enumerated() { direction.projectInput(packed[d]) }
        forEachBlock(of: saved, batch: batch) { d, rows in
            saved[d].run(rows, packed[d], out.baseAddress! + d * hidden, width)
        }
    }
    guard x.isRecorded || given.contains(where: { $0.all.contains(where: \.isRecorded) }) else { return output }
    let needsInput = x.isRecorded
    return output.recorded(inputs: [x] + given.flatMap(\.all)) { upstream in
        upstream.withUnsafeBuffer { dy in
            guard dy.count > 0 else { return }
            let turned = saved.map { $0.weights.recurrent.packedPanels(transposed: true) }
            forEachBlock(of: saved, batch: batch) { d, rows in
                saved[d].runGradient(rows, turned[d], dy.baseAddress! + d * hidden, width)
            }
        }
        return [needsInput ? sequenceGradient(saved) : nil] + saved.flatMap { $0.weightGradients() }
    }
}

/// Directions run side by side, and so do blocks of sequences where threads are left; sums do not depend on the blocks.
private func forEachBlock<Scalar: FloatingScalar>(
    of directions: [LSTMDirection<Scalar>], batch: Int, _ body: (Int, Range<Int>) -> Void
) {
    let blocks = max(1, min(Threads.count / directions.count, batch / 8))
    parallel(directions.count * blocks) { task in
        let block = task % blocks
        body(task / blocks, batch * block / blocks..<batch * (block + 1) / blocks)
    }
}

/// The gradient of the input, which all directions read.
private func sequenceGradient<Scalar: FloatingScalar>(_ directions: [LSTMDirection<Scalar>]) -> Tensor<Scalar> {
    let (batch, time, inputs) = (directions[0].batch, directions[0].time, directions[0].sequence.shape[2])
    let parts = directions.map { $0.inputGradient() }
    return Tensor(shape: [batch, time, inputs]) { out in
        guard out.count > 0 else { return }
        for (d, part) in parts.enumerated() {
            part.withUnsafeBuffer { part in
                parallelRanges(time, grain: max(1, (1 << 14) / (batch * inputs))) { steps in
                    for step in steps {
                        let t = directions[d].position(step)
                        for n in 0..<batch {
                            Scalar.kernels.axpby(
                                inputs, 1, part.baseAddress! + (step * batch + n) * inputs, d == 0 ? 0 : 1,
                                out.baseAddress! + (n * time + t) * inputs)
                        }
                    }
                }
            }
        }
    }
}

/// One direction of an LSTM over a batch, and what its gradient needs. All arrays are in the order of reading, step by
/// step: `[time, batch, …]`.
private final class LSTMDirection<Scalar: FloatingScalar>: @unchecked Sendable {
    let weights: LSTMWeights<Scalar>
    let sequence: Tensor<Scalar>
    let reversed: Bool
    let batch: Int, time: Int, hidden: Int
    /// Pre-activations at first, activated gates after `run`, their gradients after `runGradient`.
    private var gates: Tensor<Scalar>
    private let cells: Tensor<Scalar>
    private let outputs: Tensor<Scalar>

    init(_ weights: LSTMWeights<Scalar>, _ sequence: Tensor<Scalar>, _ reversed: Bool) {
        (self.weights, self.sequence, self.reversed) = (weights, sequence, reversed)
        (time, batch, hidden) = (sequence.shape[0], sequence.shape[1], weights.recurrent.shape[0])
        gates = .scratch(0)
        cells = .scratch(time * batch * hidden)
        outputs = .scratch(time * batch * hidden)
    }

    /// Where a step is in the sequence.
    func position(_ step: Int) -> Int { reversed ? time - 1 - step : step }

    /// x W + b for all steps at once.
    func projectInput(_ packed: PackedLSTMWeights<Scalar>) {
        gates = product(
            sequence, packed.input(.panels) { self.weights.input.packedPanels() }, depth: sequence.shape[2],
            columns: 4 * hidden,
            bias: weights.bias)
    }

    /// Runs the recurrence for some sequences; outputs go to rows of `stride` elements.
    func run(
        _ rows: Range<Int>, _ packed: PackedLSTMWeights<Scalar>, _ output: UnsafeMutablePointer<Scalar>, _ stride: Int
    ) {
        guard !rows.isEmpty, time > 0 else { return }
        let (kernels, n, first, width) = (Scalar.kernels, rows.count, rows.lowerBound, 4 * hidden)
        let panels = packed.recurrent(.panels) { self.weights.recurrent.packedPanels() }
        let (g, c, h) = (gates.start, cells.start, outputs.start)
        panels.withUnsafeBuffer { u in
            for step in 0..<time {
                let here = step * batch + first
                if step > 0 {
                    kernels.multiply(
                        n, hidden, width, h + (here - batch) * hidden, hidden, u.baseAddress!, nil, DUCTUS_IDENTITY,
                        true, g + here * width, width)
                }
                kernels.lstm_step(
                    n, hidden, g + here * width, step > 0 ? c + (here - batch) * hidden : nil, c + here * hidden,
                    h + here * hidden, output + (first * time + position(step)) * stride, time * stride)
            }
        }
    }

    /// Turns the gates of some sequences into their gradients, last step first.
    func runGradient(
        _ rows: Range<Int>, _ turned: Tensor<Scalar>, _ upstream: UnsafePointer<Scalar>, _ stride: Int
    ) {
        guard !rows.isEmpty, time > 0 else { return }
        let (kernels, n, first, width) = (Scalar.kernels, rows.count, rows.lowerBound, 4 * hidden)
        let (g, c) = (gates.start, cells.start)
        let carried = Tensor<Scalar>.zeros([2, n, hidden])
        let (dOutput, dCell) = (carried.start, carried.start + n * hidden)
        turned.withUnsafeBuffer { turned in
            for step in (0..<time).reversed() {
                let here = step * batch + first
                kernels.lstm_step_gradient(
                    n, hidden, g + here * width, step > 0 ? c + (here - batch) * hidden : nil, c + here * hidden,
                    upstream + (first * time + position(step)) * stride, time * stride, dOutput, dCell)
                guard step > 0 else { break }
                kernels.multiply(
                    n, width, hidden, g + here * width, width, turned.baseAddress!, nil, DUCTUS_IDENTITY, false,
                    dOutput, hidden)
            }
        }
    }

    /// `[time, batch, in]`
    func inputGradient() -> Tensor<Scalar> {
        product(
            gates, weights.input.packedPanels(transposed: true), depth: 4 * hidden, columns: sequence.shape[2]
        ).reshaped(to: sequence.shape)
    }

    /// Of the input weights, the recurrent weights and the bias.
    func weightGradients() -> [Tensor<Scalar>] {
        let gradient = gates.reshaped(to: [time * batch, 4 * hidden])
        let later = max(time - 1, 0) * batch
        // Every output but the last is what the next step read.
        let read = outputs.reshaped(to: [time * batch, hidden]).sliced(0..<later, axis: 0)
        return [
            sequence.reshaped(to: [time * batch, -1]).transposed().matmul(gradient),
            read.transposed().matmul(gradient.sliced(time * batch - later..<time * batch, axis: 0)),
            gradient.summedToLastAxis(),
        ]
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// `[batch, time, in]` → `[time, batch, in]`, in the order of reading.
    fileprivate func steps(reversed: Bool) -> Tensor {
        let (batch, time, inputs) = (shape[0], shape[1], shape[2])
        return Tensor(shape: [time, batch, inputs]) { out in
            guard out.count > 0 else { return }
            withUnsafeBuffer { x in
                parallelRanges(time, grain: Swift.max(1, (1 << 14) / (batch * inputs))) { steps in
                    for step in steps {
                        let t = reversed ? time - 1 - step : step
                        for n in 0..<batch {
                            (out.baseAddress! + (step * batch + n) * inputs).update(
                                from: x.baseAddress! + (n * time + t) * inputs, count: inputs)
                        }
                    }
                }
            }
        }
    }

    /// The elements, for arrays that one operation writes step by step. They live as long as the tensor.
    fileprivate var start: UnsafeMutablePointer<Scalar> {
        withUnsafeBuffer { UnsafeMutablePointer(mutating: $0.baseAddress!) }
    }
}
