import DuctusAutograd
import DuctusTestSupport

/// The value and gradients of an operation on inputs large enough for several tasks, vector loops and remainders.
struct Workload: CustomStringConvertible, Sendable {
    let description: String
    /// The tolerance for another order of summation; see `disagreement(of:with:tolerance:)`.
    let tolerance: Double
    let results: @Sendable () -> [Tensor<Float>]

    init(_ name: String, tolerance: Double = 1e-5, results: @escaping @Sendable () -> [Tensor<Float>]) {
        (description, self.tolerance, self.results) = (name, tolerance, results)
    }

    /// `function` at normally distributed inputs of the given shapes.
    init(
        _ name: String, _ shapes: [Shape], scale: Float = 1, tolerance: Double = 1e-5,
        _ function: @escaping @Sendable ([Tensor<Float>]) -> Tensor<Float>
    ) {
        self.init(name, tolerance: tolerance) {
            let inputs = shapes.enumerated().map { Tensor<Float>.sample($1, seed: UInt64($0 + 1), scale: scale) }
            let y = function(inputs)
            let upstream = Tensor<Float>.sample(y.shape, seed: 99)
            return [y] + valueAndGradient(at: inputs) { (function($0) * upstream).sum() }.gradients
        }
    }

    static let all: [Workload] = [elementwise, matrices, layers, recurrent].joined() + convolutions + optimizers

    private static let elementwise: [Workload] = [
        Workload("exp, tanh, sigmoid", [[301, 333]]) { $0[0].exp() + $0[0].tanh() * $0[0].sigmoid() },
        Workload("log, square root", [[333, 301]]) { ($0[0].squared() + 0.5).log() + $0[0].magnitude().squareRoot() },
        Workload("broadcast arithmetic", [[70, 1, 33], [40, 1]]) { $0[0] * $0[1] - $0[1] },
        Workload("sums over axes", [[41, 37, 43]], tolerance: 3e-5) {
            $0[0].sum(axes: [0, 2]) + $0[0].mean(axes: [1]).sum() + $0[0].sum(axes: [-1]).sum(axes: [0])
        },
        Workload("sum of everything", [[300_017]], tolerance: 3e-5) { $0[0].sum() },
        Workload("max", [[50, 80, 11]]) { $0[0].max(axes: [-1]) },
        Workload("softmax", [[300, 101]]) { $0[0].softmax() + $0[0].logSoftmax() },
        Workload("sin, cos, floor", [[301, 333]], scale: 9) { $0[0].sin() * $0[0].cos() + ($0[0] * 3).floor() },
        Workload("functions of the library", [[101, 133]]) { ($0[0].tan() + $0[0].erf()).asinh() + $0[0].expm1() },
        Workload("powers, remainders", [[70, 1, 33], [40, 1]]) {
            ($0[0].squared() + 1).power($0[1]) + $0[0].modulo($0[1]) + hypot($0[0], $0[1])
        },
        Workload("masks", [[301, 333], [333]]) { $0[0].replacing(with: $0[1], where: $0[0] .> $0[1]) },
        Workload("products, variance", [[41, 37, 43]], tolerance: 3e-5) {
            ($0[0] * 0.1 + 1).product(axes: [0, 2]) + $0[0].variance(axes: [0, -1]) + $0[0].logSumExp(axes: [0, 2])
        },
        Workload("cumulative sums, sorted", [[70, 400]]) { $0[0].cumulativeSum(axis: 0) + $0[0].sorted() },
        Workload("einsum", [[40, 30, 20], [50, 30]]) { einsum("bij,ki->bkj", $0[0], $0[1]) },
        Workload("random numbers", tolerance: 0) {
            var random = RandomStream(seed: 5)
            return [.uniform([100_003], using: &random), .uniform([7], using: &random)]
        },
    ]

    private static let matrices: [Workload] = [
        Workload("tall product", [[601, 70], [70, 90]]) { $0[0].matmul($0[1]) },
        Workload("wide product", [[50, 60], [60, 701]]) { $0[0].matmul($0[1]) },
        Workload("transposed product", [[70, 601], [90, 70]]) { $0[0].transposed().matmul($0[1].transposed()) },
        Workload("batch of products", [[7, 45, 30], [7, 30, 50]]) { $0[0].matmul($0[1]) },
        Workload("row by matrix", [[1, 700], [700, 801]]) { $0[0].matmul($0[1]) },
    ]

    private static let layers: [Workload] = [
        Workload("dense", [[500, 40], [40, 70], [70]]) { dense($0[0], weight: $0[1], bias: $0[2], activation: .tanh) },
        // Several tasks pack the weights.
        Workload("wide dense", [[40, 700], [700, 816], [816]], scale: 0.3, tolerance: 5e-5) {
            dense($0[0], weight: $0[1], bias: $0[2])
        },
        Workload("residual sum", [[3, 31, 40, 19], [3, 31, 40, 19]]) { $0[0].adding($0[1], activation: .relu) },
        Workload("batch normalization", [[3, 31, 40, 19], [19], [19]], tolerance: 3e-5) {
            batchNormalization($0[0], scale: $0[1], shift: $0[2]).output
        },
        Workload("batch normalization of many channels", [[123, 1100], [1100], [1100]], tolerance: 3e-5) {
            batchNormalization($0[0], scale: $0[1], shift: $0[2], activation: .sigmoid).output
        },
        Workload("transposed convolution", [[3, 33, 35, 20], [2, 2, 20, 19], [19]], tolerance: 3e-5) {
            transposedConvolution2D($0[0], weight: $0[1], bias: $0[2], stride: 2, activation: .tanh)
        },
        Workload("overlapping transposed convolution", [[3, 33, 35, 20], [3, 4, 20, 11], [11]], tolerance: 3e-5) {
            transposedConvolution2D($0[0], weight: $0[1], bias: $0[2], stride: 2, padding: .same)
        },
        Workload("concatenation of channels", [[7, 31, 40, 19], [7, 31, 40, 8]]) {
            .concatenated([$0[0], $0[1]], axis: -1).transposed(1, 2).squared()
        },
        Workload("layer normalization", [[401, 257], [257], [257]], tolerance: 3e-5) {
            layerNormalization($0[0], scale: $0[1], shift: $0[2])
        },
        Workload("gelu", [[301, 333]], scale: 2) { $0[0].gelu() },
        Workload("self-attention", [[3, 67, 3 * 24]], tolerance: 3e-5) { selfAttention($0[0], heads: 4, causal: true) },
        Workload("attention with a mask", [[5, 33, 16], [5, 41, 16], [5, 41, 16]], tolerance: 3e-5) {
            let mask = Tensor((0..<5 * 41).map { $0 * $0 % 3 < 2 || $0 % 41 == 0 }, shape: [5, 1, 41])
            return attention(query: $0[0], key: $0[1], value: $0[2], heads: 2, mask: mask)
        },
        Workload("max pooling", [[5, 17, 19, 21]]) { maxPool2D($0[0], kernel: 3, stride: 2) },
        Workload("average pooling", [[5, 17, 19, 21]]) { averagePool2D($0[0], kernel: 3, stride: 2) },
        Workload("resizing", [[3, 31, 29, 17]]) { resize2D($0[0], to: IntPair(62, 40)) },
        Workload("embedding", [[101, 67]]) {
            embedding(Tensor((0..<7 * 301).map { Int32($0 * $0 % 89) }, shape: [7, 301]), table: $0[0])
        },
        Workload("group normalization", [[3, 31, 40, 18], [18], [18]], tolerance: 3e-5) {
            groupNormalization($0[0], groups: 6, scale: $0[1], shift: $0[2], activation: .sigmoid)
        },
        Workload("cross-entropy", [[700, 83]]) {
            softmaxCrossEntropy($0[0], Tensor((0..<700).map { Int32($0 % 83) }))
        },
    ]

    private static let recurrent: [Workload] =
        [false, true].flatMap { both in
            [1, 5].map { batch in
                let direction: [Shape] = [[11, 4 * 23], [23, 4 * 23], [4 * 23]]
                let shapes = [[batch, 17, 11]] + direction + direction
                return Workload("lstm of \(batch)\(both ? ", both directions" : "")", shapes, scale: 0.3) {
                    lstm(
                        $0[0], forward: LSTMWeights(input: $0[1], recurrent: $0[2], bias: $0[3]),
                        backward: both ? LSTMWeights(input: $0[4], recurrent: $0[5], bias: $0[6]) : nil)
                }
            }
        }
        + [false, true].flatMap { both in
            [1, 5, 35].map { batch in
                let direction: [Shape] = [[11, 3 * 23], [23, 3 * 23], [3 * 23], [23]]
                let shapes = [[batch, 17, 11]] + direction + direction
                return Workload("gru of \(batch)\(both ? ", both directions" : "")", shapes, scale: 0.3) {
                    gru(
                        $0[0],
                        forward: GRUWeights(input: $0[1], recurrent: $0[2], bias: $0[3], candidateBias: $0[4]),
                        backward: both
                            ? GRUWeights(input: $0[5], recurrent: $0[6], bias: $0[7], candidateBias: $0[8]) : nil)
                }
            }
        } + [
            Workload("ctc", [[7, 60, 20]], scale: 2, tolerance: 1e-4) {
                let values: [Int32] = (0..<7 * 25).map { (index: Int32) in 1 + index * index % 19 }
                let labels = Tensor(values, shape: [7, 25])
                return ctcLoss($0[0], labels: labels, labelLengths: [25, 0, 3, 11, 20, 25, 1])
            }
        ]

    private static let convolutions: [Workload] = ConvolutionCase.large.flatMap { convolution in
        ConvolutionAlgorithm.allCases.map { algorithm in
            Workload(
                "\(algorithm) convolution \(convolution)",
                [convolution.input, convolution.weight, [convolution.outputs]], scale: 0.5, tolerance: 5e-5
            ) { inputs in
                // Gradients are computed inside, where the algorithm is forced as well.
                convolution(inputs[0], inputs[1], inputs[2])
            }.forcing(algorithm)
        }
    }

    private func forcing(_ algorithm: ConvolutionAlgorithm) -> Workload {
        Workload(description, tolerance: tolerance) { [results] in
            ConvolutionAlgorithm.$forced.withValue(algorithm, operation: results)
        }
    }

    private static let optimizers: [Workload] = [
        update("adam") { n, p, g, state in
            Float.kernels.adam(n, p, g, state, state + n, 1e-3, 0.9, 0.999, 1e-8, 0.1, 0.001, 0.01, 1)
        },
        update("rmsprop") { n, p, g, state in Float.kernels.rmsprop(n, p, g, state, 1e-3, 0.9, 1e-7, 1) },
        update("sgd with momentum") { n, p, g, state in Float.kernels.sgd(n, p, g, state, 0.1, 0.9, true, 0.01, 1) },
    ]

    /// The parameters and two slots of state after three steps of an optimizer kernel.
    private static func update(
        _ name: String,
        _ step:
            @escaping @Sendable (
                Int, UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>
            ) -> Void
    ) -> Workload {
        Workload(name) {
            let n = 1003
            var (p, state) = (Tensor<Float>.sample([n]), Tensor<Float>.zeros([2, n]))
            for seed in 2...4 {
                Tensor<Float>.sample([n], seed: UInt64(seed)).withUnsafeBuffer { g in
                    p.withUnsafeMutableBuffer { p in
                        state.withUnsafeMutableBuffer { step(n, p.baseAddress!, g.baseAddress!, $0.baseAddress!) }
                    }
                }
            }
            return [p, state]
        }
    }
}
