import DuctusAutograd
import DuctusTestSupport
import Testing

/// The gradients of every operation against central differences in double precision.
@Suite struct OperationGradientTests {
    struct GradientCase: CustomStringConvertible, Sendable {
        let description: String
        let inputs: [Tensor<Double>]
        let function: @Sendable ([Tensor<Double>]) -> Tensor<Double>

        init(
            _ name: String, _ shapes: [Shape],
            _ function: @escaping @Sendable ([Tensor<Double>]) -> Tensor<Double>
        ) {
            description = "\(name) \(shapes.map(\.description).joined(separator: " "))"
            inputs = shapes.enumerated().map { .sample($1, seed: UInt64($0 + 1), scale: 0.7) }
            self.function = function
        }
    }

    static let denseCases: [GradientCase] =
        Activation.allCases.flatMap { activation in
            ([
                [[4, 3], [3, 5], [5]], [[1, 1], [1, 1], [1]], [[2, 3, 7], [7, 2]], [[5], [5, 3], [3]],
                [[2, 0], [0, 4], [4]], [[2, 3], [3, 0], [0]],
            ] as [[Shape]]).map {
                GradientCase("dense \(activation)", $0) {
                    dense($0[0], weight: $0[1], bias: $0.count > 2 ? $0[2] : nil, activation: activation)
                }
            }
        } + [
            GradientCase("residual sum", [[2, 3, 4, 5], [2, 3, 4, 5]]) { $0[0].adding($0[1], activation: .gelu) },
            GradientCase("residual sum of nothing", [[2, 0], [2, 0]]) { $0[0].adding($0[1], activation: .relu) },
            GradientCase("dense of views", [[3, 4], [5, 3], [5]]) {
                dense($0[0].transposed(), weight: $0[1].transposed(), bias: $0[2], activation: .sigmoid)
            },
            GradientCase("pointwise convolution without inputs", [[1, 2, 3, 0], [1, 1, 0, 4], [4]]) {
                convolution2D($0[0], weight: $0[1], bias: $0[2])
            },
            GradientCase("pointwise convolution without outputs", [[1, 2, 3, 2], [1, 1, 2, 0], [0]]) {
                convolution2D($0[0], weight: $0[1], bias: $0[2])
            },
        ]

    static let poolingCases: [GradientCase] = [
        GradientCase("max pooling 2", [[2, 5, 6, 3]]) { maxPool2D($0[0], kernel: 2) },
        GradientCase("max pooling, overlapping", [[1, 5, 7, 2]]) { maxPool2D($0[0], kernel: 3, stride: 2) },
        GradientCase("max pooling 1", [[1, 3, 2, 1]]) { maxPool2D($0[0], kernel: 1, stride: IntPair(2, 1)) },
        GradientCase("max pooling of no channels", [[1, 4, 4, 0]]) { maxPool2D($0[0], kernel: 2) },
        GradientCase("max pooling of a view", [[3, 4, 5, 2]]) {
            maxPool2D($0[0].transposed(0, 2), kernel: IntPair(1, 2))
        },
    ]

    static let mappedCases: [GradientCase] =
        [
            GradientCase("average pooling 2", [[2, 5, 6, 3]]) { averagePool2D($0[0], kernel: 2) },
            GradientCase("average pooling, overlapping", [[1, 5, 7, 2]]) {
                averagePool2D($0[0], kernel: 3, stride: IntPair(1, 2))
            },
            GradientCase("average pooling of a view", [[3, 4, 5, 2]]) {
                averagePool2D($0[0].transposed(0, 2), kernel: IntPair(1, 2), stride: IntPair(2, 1))
            },
            GradientCase("embedding", [[4, 3]]) { embedding([[0, 3, 3], [1, 3, 0]], table: $0[0]) },
            GradientCase("embedding of no indices", [[4, 3]]) { embedding([], table: $0[0]) },
            GradientCase("embedding in a view", [[3, 5]]) { embedding([4, 0, 4], table: $0[0].transposed()) },
        ]
        + Interpolation.allCases.flatMap { interpolation in
            [IntPair(6, 8), IntPair(1, 1), IntPair(4, 3), IntPair(2, 7)].map { size in
                GradientCase("resizing to \(size), \(interpolation)", [[2, 3, 4, 2]]) {
                    resize2D($0[0], to: size, interpolation)
                }
            }
        }

    static let transposedConvolutionCases: [GradientCase] =
        Activation.allCases.map { activation in
            GradientCase("transposed convolution 2, \(activation)", [[2, 2, 3, 3], [2, 2, 3, 2], [2]]) {
                transposedConvolution2D($0[0], weight: $0[1], bias: $0[2], stride: 2, activation: activation)
            }
        } + [
            GradientCase("transposed convolution without inputs", [[1, 2, 3, 0], [2, 2, 0, 3], [3]]) {
                transposedConvolution2D($0[0], weight: $0[1], bias: $0[2], stride: 2)
            },
            GradientCase("transposed convolution, overlapping", [[1, 3, 2, 2], [3, 2, 2, 3]]) {
                transposedConvolution2D($0[0], weight: $0[1], bias: nil, stride: IntPair(2, 1))
            },
            GradientCase("transposed convolution, same", [[1, 2, 3, 1], [4, 3, 1, 2], [2]]) {
                transposedConvolution2D($0[0], weight: $0[1], bias: $0[2], stride: 2, padding: .same)
            },
            GradientCase("transposed convolution of views", [[3, 2, 2, 2], [2, 3, 1, 2]]) {
                transposedConvolution2D(
                    $0[0].transposed(0, 3), weight: $0[1].transposed(0, 2).transposed(2, 1), bias: nil, stride: 3,
                    padding: .zeros(vertical: 0, horizontal: 1))
            },
        ]

    static let normalizationCases: [GradientCase] =
        ([[4, 3], [2, 3, 1, 2], [7, 1], [1, 2, 5]] as [Shape]).map { shape in
            GradientCase("batch normalization", [shape, [shape.last!], [shape.last!]]) {
                batchNormalization($0[0], scale: $0[1], shift: $0[2]).output
            }
        } + [
            GradientCase("batch normalization of a view", [[3, 5], [3], [3]]) {
                batchNormalization($0[0].transposed(), scale: $0[1], shift: $0[2], epsilon: 0.1).output
            }
        ]
        + ([[4, 3], [2, 3, 7], [1, 1, 5]] as [Shape]).map { shape in
            GradientCase("layer normalization", [shape, [shape.last!], [shape.last!]]) {
                layerNormalization($0[0], scale: $0[1], shift: $0[2])
            }
        }
        + [
            GradientCase("layer normalization of a view", [[3, 5], [3], [3]]) {
                layerNormalization($0[0].transposed(), scale: $0[1], shift: $0[2], epsilon: 0.1)
            },
            GradientCase("group normalization", [[2, 3, 2, 6], [6], [6]]) {
                groupNormalization($0[0], groups: 3, scale: $0[1], shift: $0[2])
            },
            GradientCase("group normalization of a view, with tanh", [[4, 3, 2], [4], [4]]) {
                groupNormalization(
                    $0[0].transposed(0, 2), groups: 2, scale: $0[1], shift: $0[2], epsilon: 0.1, activation: .tanh)
            },
            GradientCase("gelu", [[4, 5]]) { ($0[0] * 3).gelu() },
        ]
        + Activation.allCases.flatMap { activation in
            [
                GradientCase("batch normalization with \(activation)", [[3, 2, 5], [5], [5]]) {
                    batchNormalization($0[0], scale: $0[1], shift: $0[2], activation: activation).output
                },
                GradientCase("group normalization with \(activation)", [[3, 2, 4], [4], [4]]) {
                    groupNormalization($0[0], groups: 2, scale: $0[1], shift: $0[2], activation: activation)
                },
            ]
        }

    static let recurrentCases: [GradientCase] =
        [(1, 1), (1, 5), (3, 1), (2, 4), (5, 3)].flatMap { batch, time in
            [(true, false), (false, true), (true, true)].map { forward, backward in
                let (inputs, hidden) = (2, batch == 5 ? 1 : 3)
                let direction: [Shape] = [[inputs, 4 * hidden], [hidden, 4 * hidden], [4 * hidden]]
                let shapes = [[batch, time, inputs]] + (forward ? direction : []) + (backward ? direction : [])
                return GradientCase("lstm forward \(forward) backward \(backward)", shapes) {
                    let all = stride(from: 1, to: $0.count, by: 3).map { [x = $0] i in
                        LSTMWeights(input: x[i], recurrent: x[i + 1], bias: x[i + 2])
                    }
                    return lstm($0[0], forward: forward ? all[0] : nil, backward: backward ? all.last : nil)
                }
            }
        } + [
            GradientCase("lstm with lengths", [[4, 3, 2], [2, 8], [2, 8], [8], [2, 8], [2, 8], [8]]) {
                let all = [1, 4].map { [x = $0] in LSTMWeights(input: x[$0], recurrent: x[$0 + 1], bias: x[$0 + 2]) }
                return lstm($0[0], forward: all[0], backward: all[1], lengths: [2, 0, 3, 1])
            },
            GradientCase("lstm of views", [[4, 2, 3], [12, 3], [12, 3], [12]]) {
                let weights = LSTMWeights(input: $0[1].transposed(), recurrent: $0[2].transposed(), bias: $0[3])
                return lstm($0[0].transposed(0, 1), forward: weights)
            },
        ]

    static let gatedCases: [GradientCase] =
        [(1, 1), (1, 5), (3, 1), (2, 4), (5, 3)].flatMap { batch, time in
            [(true, false), (false, true), (true, true)].map { forward, backward in
                let (inputs, hidden) = (2, batch == 5 ? 1 : 3)
                let direction: [Shape] = [[inputs, 3 * hidden], [hidden, 3 * hidden], [3 * hidden], [hidden]]
                let shapes = [[batch, time, inputs]] + (forward ? direction : []) + (backward ? direction : [])
                return GradientCase("gru forward \(forward) backward \(backward)", shapes) {
                    let all = stride(from: 1, to: $0.count, by: 4).map { [x = $0] i in
                        GRUWeights(input: x[i], recurrent: x[i + 1], bias: x[i + 2], candidateBias: x[i + 3])
                    }
                    return gru($0[0], forward: forward ? all[0] : nil, backward: backward ? all.last : nil)
                }
            }
        } + [
            GradientCase(
                "gru with lengths", [[4, 3, 2], [2, 6], [2, 6], [6], [2], [2, 6], [2, 6], [6], [2]]
            ) {
                let all = [1, 5].map { [x = $0] i in
                    GRUWeights(input: x[i], recurrent: x[i + 1], bias: x[i + 2], candidateBias: x[i + 3])
                }
                return gru($0[0], forward: all[0], backward: all[1], lengths: [2, 0, 3, 1])
            },
            GradientCase("gru of views", [[4, 2, 3], [9, 3], [9, 3], [9], [3]]) {
                let weights = GRUWeights(
                    input: $0[1].transposed(), recurrent: $0[2].transposed(), bias: $0[3], candidateBias: $0[4])
                return gru($0[0].transposed(0, 1), forward: weights)
            },
        ]

    static let attentionCases: [GradientCase] = [
        GradientCase("attention", [[2, 3, 4], [2, 5, 4], [2, 5, 4]]) {
            attention(query: $0[0], key: $0[1], value: $0[2], heads: 2)
        },
        GradientCase("causal attention of views", [[4, 2, 3], [4, 2, 3], [4, 2, 3]]) {
            attention(
                query: $0[0].transposed(0, 1), key: $0[1].transposed(0, 1), value: $0[2].transposed(0, 1), heads: 3,
                causal: true)
        },
        GradientCase("attention with a mask", [[1, 2, 2], [1, 3, 2], [1, 3, 2]]) {
            attention(
                query: $0[0], key: $0[1], value: $0[2], heads: 1,
                mask: Tensor([true, false, true, false, true, true], shape: [2, 3]))
        },
        GradientCase("self-attention", [[2, 3, 12]]) { selfAttention($0[0], heads: 2) },
        GradientCase("causal self-attention of a view", [[12, 3, 1]]) {
            selfAttention($0[0].transposed(0, 2), heads: 1, causal: true)
        },
    ]

    static let lossCases: [GradientCase] = [
        GradientCase("cross-entropy", [[4, 5]]) { softmaxCrossEntropy($0[0], [0, 4, 2, 2]) },
        GradientCase("cross-entropy of pixels", [[1, 2, 3, 2]]) {
            softmaxCrossEntropy($0[0], [[[0, 1, 1], [1, 0, 0]]])
        },
        GradientCase("cross-entropy of one class", [[3, 1]]) { softmaxCrossEntropy($0[0], [0, 0, 0]) },
        GradientCase("cross-entropy of a view", [[3, 4]]) { softmaxCrossEntropy($0[0].transposed(), [0, 2, 1, 1]) },
        GradientCase("cross-entropy with padding", [[2, 3, 4]]) {
            softmaxCrossEntropy($0[0], [[0, -1, 2], [-1, -1, 1]], ignoring: -1)
        },
        GradientCase("smoothed cross-entropy", [[3, 4]]) {
            softmaxCrossEntropy($0[0], [0, 2, 3], ignoring: 2, smoothing: 0.3)
        },
        GradientCase("ctc", [[3, 7, 4]]) {
            ctcLoss(
                $0[0], labels: [[1, 1, 2], [3, 0, 0], [2, 3, 0]], labelLengths: [3, 0, 2], logitLengths: [7, 5, 2])
        },
        GradientCase("ctc with the blank last", [[1, 5, 3]]) {
            ctcLoss($0[0], labels: [[0, 1, 1]], labelLengths: [3], blank: 2)
        },
        GradientCase("ctc of a view", [[6, 2, 3]]) {
            ctcLoss($0[0].transposed(0, 1), labels: [[1], [2]], labelLengths: [1, 1])
        },
    ]

    @Test(
        arguments: denseCases + poolingCases + mappedCases + transposedConvolutionCases + normalizationCases
            + recurrentCases
            + gatedCases + attentionCases
            + lossCases)
    func gradientIsCorrect(check: GradientCase) {
        let result = GradientCheck(at: check.inputs, check.function)
        #expect(result.worst < 1e-6, "input \(result.input), element \(result.element)")
    }

    @Test(arguments: [(3, 0), (0, 3)]) func attentionWithoutQueriesOrKeysHasGradientsOfZero(queries: Int, keys: Int) {
        let (query, memory) = (Tensor<Float>.ones([2, queries, 4]), Tensor<Float>.ones([2, keys, 4]))
        let gradients = valueAndGradient(at: [query, memory, memory]) {
            attention(query: $0[0], key: $0[1], value: $0[2], heads: 2).sum()
        }.gradients
        #expect(gradients == [query * 0, memory * 0, memory * 0])
    }

    @Test(arguments: ConvolutionCase.small, ConvolutionAlgorithm.allCases)
    func gradientOfConvolutionIsCorrect(convolution: ConvolutionCase, algorithm: ConvolutionAlgorithm) {
        let shapes: [Shape] = [convolution.input, convolution.weight, [convolution.outputs]]
        let inputs = shapes.enumerated().map { Tensor<Double>.sample($1, seed: UInt64($0 + 1), scale: 0.5) }
        let result = ConvolutionAlgorithm.$forced.withValue(algorithm) {
            GradientCheck(at: inputs) { convolution($0[0], $0[1], $0[2]) }
        }
        #expect(result.worst < 1e-6, "input \(result.input), element \(result.element)")
    }

    /// ReLU, a missing bias, and views of images and weights take separate paths.
    @Test(arguments: ConvolutionAlgorithm.allCases)
    func gradientOfConvolutionOfViewsIsCorrect(algorithm: ConvolutionAlgorithm) {
        let inputs = [Tensor<Double>.sample([5, 4, 2, 1], seed: 1), .sample([3, 2, 3, 3], seed: 2)]
        let result = ConvolutionAlgorithm.$forced.withValue(algorithm) {
            GradientCheck(at: inputs) {
                convolution2D(
                    $0[0].permuted([3, 1, 0, 2]),
                    weight: $0[1].transposed(0, 2).transposed(1, 3).sliced(0..<2, axis: 2),
                    bias: nil, padding: .same, activation: .relu)
            }
        }
        #expect(result.worst < 1e-6, "input \(result.input), element \(result.element)")
    }
}
