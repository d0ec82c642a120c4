import DuctusAutograd

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How attention is set.
struct AttentionSetting: CustomStringConvertible, Sendable {
    let heads: Int
    var causal = false
    /// Whether a query may attend to a key, the same for every sample.
    var mask: [[Bool]]?

    var description: String { "\(heads) heads\(causal ? ", causal" : "")\(mask == nil ? "" : ", masked")" }

    var tensor: Tensor<Bool>? { mask.map { Tensor<Bool>($0) } }

    func allows(_ query: Int, _ key: Int) -> Bool { !(causal && key > query) && mask?[query][key] != false }
}

/// How a recurrent layer is set.
struct RecurrentSetting: CustomStringConvertible, Sendable {
    var forward = true
    var backward = false
    var lengths: [Int]?

    var description: String {
        "\(forward ? "forward" : "")\(backward ? "backward" : "")\(lengths.map { " \($0)" } ?? "")"
    }

    /// The inputs of every direction, given those of a layer: the parameters after the sequences.
    func directions<Input>(_ inputs: [Input], parameters: Int) -> (forward: [Input]?, backward: [Input]?) {
        let rest = Array(inputs.dropFirst())
        return (forward ? Array(rest.prefix(parameters)) : nil, backward ? Array(rest.suffix(parameters)) : nil)
    }
}

extension Operation {
    // MARK: Attention

    /// The weights of every value: `[batch, heads, queries, keys]`.
    private static func weights(_ query: Plain, _ key: Plain, _ setting: AttentionSetting) -> Plain {
        let (batch, queries, keys, channels) = (query.shape[0], query.shape[1], key.shape[1], query.shape[2])
        let width = channels / setting.heads
        let scores = Plain([batch, setting.heads, queries, keys]) { at in
            guard setting.allows(at[2], at[3]) else { return -.infinity }
            let product = (at[1] * width..<(at[1] + 1) * width).reduce(0.0) {
                $0 + query[at[0], at[2], $1] * key[at[0], at[3], $1]
            }
            return product / Double(width).squareRoot()
        }
        return scores.lines(along: 3) { line in
            let top = line.top
            let exponentials = line.map { exp($0 - top) }
            let total = exponentials.total
            return exponentials.map { $0 / total }
        }
    }

    private static func attended(_ query: Plain, _ key: Plain, _ value: Plain, _ setting: AttentionSetting) -> Plain {
        let weights = weights(query, key, setting)
        let width = query.shape[2] / setting.heads
        return Plain(query.shape) { at in
            (0..<key.shape[1]).reduce(0.0) { $0 + weights[at[0], at[2] / width, at[1], $1] * value[at[0], $1, at[2]] }
        }
    }

    private static let mask: [[Bool]] = [[true, false, true], [false, true, true]]

    static let attentions: [Operation] = [
        Operation(
            "attention", .ulpsOfLargest(16),
            [
                Sample([[2, 3, 4], [2, 5, 4], [2, 5, 4]], AttentionSetting(heads: 2)),
                Sample([[2, 4, 3], [2, 4, 3], [2, 4, 3]], AttentionSetting(heads: 3, causal: true)),
                Sample([[1, 2, 2], [1, 3, 2], [1, 3, 2]], AttentionSetting(heads: 1, mask: mask)),
                Sample([[1, 17, 16], [1, 33, 16], [1, 33, 16]], AttentionSetting(heads: 2)),
                Sample([[2, 0, 4], [2, 3, 4], [2, 3, 4]], AttentionSetting(heads: 2)),
                Sample([[2, 3, 4], [2, 0, 4], [2, 0, 4]], AttentionSetting(heads: 2)),
                Sample(
                    [[2, 3, 2], [2, 4, 2], [2, 4, 2]], AttentionSetting(heads: 1),
                    .special(withNaN)),
                Sample([[4, 60, 32], [4, 70, 32], [4, 70, 32]], AttentionSetting(heads: 4), .large),
            ],
            mistakes: [
                Mistake("attention: 4 channels cannot be divided among 3 heads.") {
                    attention(query: .zeros([1, 2, 4]), key: .zeros([1, 2, 4]), value: .zeros([1, 2, 4]), heads: 3)
                }
            ]
        ) {
            attention(
                query: $0[0], key: $0[1], value: $0[2], heads: $1.heads, causal: $1.causal, mask: $1.tensor)
        } definition: {
            attended($0[0], $0[1], $0[2], $1)
        },
        Operation(
            "selfAttention", .ulpsOfLargest(16),
            [
                Sample([[1, 3, 12]], AttentionSetting(heads: 2)),
                Sample([[2, 3, 6]], AttentionSetting(heads: 1, causal: true)),
                Sample([[2, 0, 6]], AttentionSetting(heads: 1)), Sample([[1, 33, 51]], AttentionSetting(heads: 1)),
                Sample(
                    [[2, 3, 6]], AttentionSetting(heads: 1), .special(withNaN)),
                Sample([[4, 60, 96]], AttentionSetting(heads: 4, causal: true), .large),
            ]
        ) {
            selfAttention($0[0], heads: $1.heads, causal: $1.causal, mask: $1.tensor)
        } definition: { x, setting in
            let channels = x[0].shape[2] / 3
            let parts = (0..<3).map { part in
                x[0].lines(along: 2) { Array($0[part * channels..<(part + 1) * channels]) }
            }
            return attended(parts[0], parts[1], parts[2], setting)
        },
        Operation(
            "attentionWeights", .ulpsOfLargest(16),
            [
                Sample([[2, 3, 4], [2, 5, 4]], AttentionSetting(heads: 2)),
                Sample([[1, 2, 2], [1, 3, 2]], AttentionSetting(heads: 1, mask: mask)),
                Sample([[2, 0, 4], [2, 3, 4]], AttentionSetting(heads: 2)),
                Sample(
                    [[2, 3, 2], [2, 4, 2]], AttentionSetting(heads: 1), .special(withNaN)),
                Sample([[4, 60, 32], [4, 70, 32]], AttentionSetting(heads: 4), .large),
            ],
            mistakes: [
                Mistake("attentionWeights: the mask leaves a query without keys.") {
                    attentionWeights(
                        query: .ones([1, 2, 2]), key: .ones([1, 2, 2]), heads: 1,
                        mask: [[true, false], [false, false]])
                }
            ]
        ) {
            attentionWeights(query: $0[0], key: $0[1], heads: $1.heads, mask: $1.tensor)
        } definition: {
            weights($0[0], $0[1], $1)
        },
    ]

    // MARK: Recurrence

    /// `step` of every state of one direction, from the first step of a sequence to its last, or in reverse.
    private static func states(
        _ x: Plain, hidden: Int, lengths: [Int]?, reversed: Bool,
        _ step: (_ input: [Double], _ state: [Double], _ memory: inout [Double]) -> [Double]
    ) -> [[[Double]]] {
        let (batch, time, features) = (x.shape[0], x.shape[1], x.shape[2])
        let zeros = [Double](repeating: 0, count: hidden)
        return (0..<batch).map { sample in
            var (state, memory) = (zeros, zeros)
            var outputs = [[Double]](repeating: zeros, count: time)
            let steps = Array(0..<(lengths?[sample] ?? time))
            for t in reversed ? steps.reversed() : steps {
                let start = (sample * time + t) * features
                state = step(Array(x.numbers[start..<start + features]), state, &memory)
                outputs[t] = state
            }
            return outputs
        }
    }

    /// Both directions side by side.
    private static func sequences(
        _ x: Plain, _ setting: RecurrentSetting, _ weights: (forward: [Plain]?, backward: [Plain]?),
        _ step: (_ weights: [Plain], _ input: [Double], _ state: [Double], _ memory: inout [Double]) -> [Double]
    ) -> Plain {
        let given = [(weights.forward, false), (weights.backward, true)]
        let directions = given.compactMap { weights, reversed in
            weights.map { weights in
                states(x, hidden: weights[1].shape[0], lengths: setting.lengths, reversed: reversed) {
                    step(weights, $0, $1, &$2)
                }
            }
        }
        let hidden = (weights.forward ?? weights.backward)?[1].shape[0] ?? 0
        return Plain([x.shape[0], x.shape[1], directions.count * hidden]) { at in
            directions[at[2] / hidden][at[0]][at[1]][at[2] % hidden]
        }
    }

    /// A row times a matrix.
    private static func times(_ row: [Double], _ matrix: Plain) -> [Double] {
        (0..<matrix.shape[1]).map { column in
            row.indices.reduce(0.0) { $0 + row[$1] * matrix.numbers[$1 * matrix.shape[1] + column] }
        }
    }

    private static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    private static func lstmStep(
        _ weights: [Plain], _ input: [Double], _ state: [Double], _ cell: inout [Double]
    ) -> [Double] {
        let (fromInput, fromState, hidden) = (times(input, weights[0]), times(state, weights[1]), state.count)
        let sums = fromInput.indices.map { fromInput[$0] + fromState[$0] + weights[2].numbers[$0] }
        for j in 0..<hidden {
            let (i, f, g) = (logistic(sums[j]), logistic(sums[hidden + j]), tanh(sums[2 * hidden + j]))
            cell[j] = f * cell[j] + i * g
        }
        return (0..<hidden).map { logistic(sums[3 * hidden + $0]) * tanh(cell[$0]) }
    }

    private static func gruStep(
        _ weights: [Plain], _ input: [Double], _ state: [Double], _ memory: inout [Double]
    ) -> [Double] {
        let (fromInput, fromState, hidden) = (times(input, weights[0]), times(state, weights[1]), state.count)
        let (bias, candidateBias) = (weights[2].numbers, weights[3].numbers)
        return (0..<hidden).map { j in
            let r = logistic(fromInput[j] + fromState[j] + bias[j])
            let z = logistic(fromInput[hidden + j] + fromState[hidden + j] + bias[hidden + j])
            let candidate = fromInput[2 * hidden + j] + bias[2 * hidden + j]
            let n = tanh(candidate + r * (fromState[2 * hidden + j] + candidateBias[j]))
            return (1 - z) * n + z * state[j]
        }
    }

    private static func recurrentSamples(_ gates: Int, memoryBiases: Int) -> [Sample<RecurrentSetting>] {
        func direction(_ inputs: Int, _ hidden: Int) -> [Shape] {
            let biases = [Shape](repeating: [hidden], count: memoryBiases)
            return [[inputs, gates * hidden], [hidden, gates * hidden], [gates * hidden]] + biases
        }
        let both = RecurrentSetting(backward: true)
        let bounded = RecurrentSetting(backward: true, lengths: [2, 0, 4])
        let reversed = RecurrentSetting(forward: false, backward: true)
        return [
            Sample([[1, 1, 1]] + direction(1, 1), RecurrentSetting()),
            Sample([[2, 4, 2]] + direction(2, 3), RecurrentSetting()),
            Sample([[2, 3, 2]] + direction(2, 2), reversed),
            Sample([[3, 4, 2]] + direction(2, 2) + direction(2, 2), both),
            Sample([[3, 4, 2]] + direction(2, 2) + direction(2, 2), bounded),
            Sample([[9, 3, 17]] + direction(17, 9), RecurrentSetting()),
            Sample([[0, 3, 2]] + direction(2, 2), RecurrentSetting()),
            Sample([[2, 3, 2]] + direction(2, 2), RecurrentSetting(), .special(withNaN)),
            Sample([[16, 20, 33]] + direction(33, 24) + direction(33, 24), both, .large),
        ]
    }

    static let recurrences: [Operation] = [
        Operation(
            "lstm", .ulpsOfLargest(16), recurrentSamples(4, memoryBiases: 0), domain: -1...1,
            mistakes: [
                Mistake("lstm: lengths are [4]; there must be 1, from 0 to 3.") {
                    let weights = LSTMWeights<Float>(
                        input: .zeros([2, 8]), recurrent: .zeros([2, 8]), bias: .zeros([8]))
                    return lstm(.zeros([1, 3, 2]), forward: weights, lengths: [4])
                }
            ]
        ) { x, setting in
            let (forward, backward) = setting.directions(x, parameters: 3)
            func weights(_ x: [Tensor<Float>]) -> LSTMWeights<Float> {
                LSTMWeights(input: x[0], recurrent: x[1], bias: x[2])
            }
            return lstm(
                x[0], forward: forward.map(weights), backward: backward.map(weights), lengths: setting.lengths)
        } definition: { x, setting in
            sequences(x[0], setting, setting.directions(x, parameters: 3), lstmStep)
        },
        Operation(
            "gru", .ulpsOfLargest(16), recurrentSamples(3, memoryBiases: 1), domain: -1...1
        ) { x, setting in
            let (forward, backward) = setting.directions(x, parameters: 4)
            func weights(_ x: [Tensor<Float>]) -> GRUWeights<Float> {
                GRUWeights(input: x[0], recurrent: x[1], bias: x[2], candidateBias: x[3])
            }
            return gru(
                x[0], forward: forward.map(weights), backward: backward.map(weights), lengths: setting.lengths)
        } definition: { x, setting in
            sequences(x[0], setting, setting.directions(x, parameters: 4), gruStep)
        },
    ]
}
