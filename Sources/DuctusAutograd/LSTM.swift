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
    let plain = x.detached().dense()
    let (batch, time) = (x.shape[0], x.shape[1])
    var directions: [LSTMDirection<Scalar>] = []
    if let forward {
        directions.append(LSTMDirection(weights: forward.detached, reversed: false, batch: batch, time: time))
    }
    if let backward {
        directions.append(LSTMDirection(weights: backward.detached, reversed: true, batch: batch, time: time))
    }
    let width = hidden * directions.count
    let output = Tensor<Scalar>(shape: [batch, time, width]) { out in
        guard out.count > 0 else { return }
        for direction in directions { direction.projectInput(plain) }
        // Directions run side by side; a single one is split into halves of the batch.
        let blocks = directions.count == 1 ? 2 : 1
        parallel(directions.count * blocks) { task in
            let (d, block) = (task / blocks, task % blocks)
            directions[d].run(
                batch * block / blocks..<batch * (block + 1) / blocks, out.baseAddress! + d * hidden, width)
        }
    }
    let saved = directions
    let needsInput = x.isRecorded
    return output.recorded(inputs: [x] + given.flatMap(\.all)) { upstream in
        let upstream = upstream.dense()
        let gates = saved.map { $0.gates.copied() }
        let blocks = saved.count == 1 ? 2 : 1
        upstream.withUnsafeBuffer { dy in
            guard dy.count > 0 else { return }
            parallel(saved.count * blocks) { task in
                let (d, block) = (task / blocks, task % blocks)
                saved[d].runGradient(
                    batch * block / blocks..<batch * (block + 1) / blocks, dy.baseAddress! + d * hidden, width, gates[d]
                )
            }
        }
        var dx: Tensor<Scalar>?
        var result: [Tensor<Scalar>?] = []
        for (d, direction) in saved.enumerated() {
            let dGates = gates[d].reshaped(to: [batch * time, 4 * hidden])
            let previous = direction.previousOutputs(output, offset: d * hidden)
            if needsInput {
                let part = dGates.matmul(direction.weights.input.transposed()).reshaped(to: plain.shape)
                if dx == nil { dx = part } else { dx! += part }
            }
            result.append(plain.reshaped(to: [batch * time, -1]).transposed().matmul(dGates))
            result.append(previous.transposed().matmul(dGates))
            result.append(dGates.summedToLastAxis())
        }
        return [dx] + result
    }
}

/// One direction of an LSTM over a batch, and what its gradient needs.
private final class LSTMDirection<Scalar: FloatingScalar>: @unchecked Sendable {
    let weights: LSTMWeights<Scalar>
    let reversed: Bool
    let batch: Int, time: Int, hidden: Int
    /// Pre-activations at first, activated gates after `run`: `[batch, time, 4 hidden]`.
    private(set) var gates: Tensor<Scalar>
    /// `[batch, time, hidden]`
    private let cells: Tensor<Scalar>

    init(weights: LSTMWeights<Scalar>, reversed: Bool, batch: Int, time: Int) {
        (self.weights, self.reversed, self.batch, self.time) = (weights, reversed, batch, time)
        hidden = weights.recurrent.shape[0]
        gates = Tensor(shape: [0]) { _ in }
        cells = Tensor(shape: [batch, time, hidden]) { _ in }
    }

    /// x W + b for all steps at once.
    func projectInput(_ x: Tensor<Scalar>) { gates = dense(x, weight: weights.input, bias: weights.bias) }

    private func step(_ number: Int) -> Int { reversed ? time - 1 - number : number }

    /// Runs the recurrence for some sequences; outputs go to rows of `stride` elements.
    func run(_ rows: Range<Int>, _ output: UnsafeMutablePointer<Scalar>, _ stride: Int) {
        guard !rows.isEmpty, time > 0 else { return }
        let (n, first, width) = (rows.count, rows.lowerBound, 4 * hidden)
        gates.withUnsafeBuffer { gates in
            cells.withUnsafeBuffer { cells in
                weights.recurrent.withUnsafeBuffer { u in
                    let g = UnsafeMutablePointer(mutating: gates.baseAddress!) + first * time * width
                    let c = UnsafeMutablePointer(mutating: cells.baseAddress!) + first * time * hidden
                    let y = output + first * time * stride
                    for number in 0..<time {
                        let t = step(number)
                        if number > 0 {
                            let before = y + step(number - 1) * stride
                            if n == 1 {
                                Scalar.gemv(
                                    true, hidden, width, u.baseAddress!, width, before, 1, 1, g + t * width, 1)
                            } else {
                                Scalar.gemm(
                                    false, false, n, width, hidden, 1, before, time * stride, u.baseAddress!, width, 1,
                                    g + t * width, time * width)
                            }
                        }
                        Scalar.kernels.lstm_step(
                            n, hidden, g + t * width, time * width,
                            number > 0 ? c + step(number - 1) * hidden : nil, c + t * hidden, time * hidden,
                            y + t * stride, time * stride)
                    }
                }
            }
        }
    }

    /// Turns a copy of the gates into their gradients, last step first.
    func runGradient(
        _ rows: Range<Int>, _ upstream: UnsafePointer<Scalar>, _ stride: Int, _ dGates: Tensor<Scalar>
    ) {
        guard !rows.isEmpty, time > 0 else { return }
        let (n, first, width) = (rows.count, rows.lowerBound, 4 * hidden)
        let carried = Tensor<Scalar>.zeros([2, n, hidden])
        carried.withUnsafeBuffer { carried in
            dGates.withUnsafeBuffer { gates in
                cells.withUnsafeBuffer { cells in
                    weights.recurrent.withUnsafeBuffer { u in
                        let dOutput = UnsafeMutablePointer(mutating: carried.baseAddress!)
                        let dCell = dOutput + n * hidden
                        let g = UnsafeMutablePointer(mutating: gates.baseAddress!) + first * time * width
                        let c = cells.baseAddress! + first * time * hidden
                        let dy = upstream + first * time * stride
                        for number in (0..<time).reversed() {
                            let t = step(number)
                            Scalar.kernels.lstm_step_gradient(
                                n, hidden, g + t * width, time * width,
                                number > 0 ? c + step(number - 1) * hidden : nil, c + t * hidden, time * hidden,
                                dy + t * stride, time * stride, dOutput, dCell)
                            guard number > 0 else { break }
                            if n == 1 {
                                Scalar.gemv(
                                    false, hidden, width, u.baseAddress!, width, g + t * width, 1, 0, dOutput, 1)
                            } else {
                                Scalar.gemm(
                                    false, true, n, hidden, width, 1, g + t * width, time * width, u.baseAddress!,
                                    width, 0, dOutput, hidden)
                            }
                        }
                    }
                }
            }
        }
    }

    /// The output of the step before each step, zeros before the first: `[batch · time, hidden]`.
    func previousOutputs(_ output: Tensor<Scalar>, offset: Int) -> Tensor<Scalar> {
        let stride = output.shape[2]
        return Tensor(shape: [batch * time, hidden]) { out in
            output.withUnsafeBuffer { y in
                for n in 0..<batch {
                    for number in 0..<time {
                        let to = out.baseAddress! + (n * time + step(number)) * hidden
                        if number == 0 {
                            to.zero(hidden)
                        } else {
                            let from = y.baseAddress! + (n * time + step(number - 1)) * stride + offset
                            to.update(from: from, count: hidden)
                        }
                    }
                }
            }
        }
    }
}

extension Tensor {
    /// The same elements in storage of their own.
    fileprivate func copied() -> Tensor {
        withUnsafeBuffer { elements in Tensor(shape: shape) { _ = $0.initialize(from: elements) } }
    }
}
