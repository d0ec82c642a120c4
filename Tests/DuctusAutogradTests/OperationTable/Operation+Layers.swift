import DuctusAutograd

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension Activation {
    /// The function of one number.
    var definition: @Sendable (Double) -> Double {
        switch self {
        case .identity: { $0 }
        case .relu: { $0 < 0 ? 0 : $0 }
        case .gelu: { $0 * 0.5 * erfc(-$0 * 0.5.squareRoot()) }
        case .silu: { $0 * logistic($0) }
        case .tanh: { hyperbolicTangent($0) }
        case .sigmoid: { logistic($0) }
        }
    }
}

/// The functions that cases of activations hide.
private func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
private func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

extension Operation {
    static let layers: [Operation] = [convolutions, poolings, normalizations, attentions, recurrences].flatMap { $0 }

    /// Numbers with one NaN and one infinity.
    private static let pixels: [Float] = [1, -2, 0.5, .nan, 3, 0.25, -1, .infinity, 2, 5, -3]

    // MARK: Windows

    /// The padding of an image along one axis.
    private static func padding(_ padding: Padding, _ size: Int, _ kernel: Int, _ stride: Int, isVertical: Bool) -> (
        before: Int, after: Int
    ) {
        switch padding {
        case .valid: return (0, 0)
        case .zeros(let vertical, let horizontal):
            return isVertical ? (vertical, vertical) : (horizontal, horizontal)
        case .same:
            let total = max(0, ((size + stride - 1) / stride - 1) * stride + kernel - size)
            return (total / 2, total - total / 2)
        }
    }

    private static func convolution(_ x: [Plain], _ setting: ConvolutionCase) -> Plain {
        let (image, weight) = (x[0].shape, x[1].shape)
        // Kernels with the gaps of the dilation.
        let tall = (weight[0] - 1) * setting.dilation.height + 1
        let wide = (weight[1] - 1) * setting.dilation.width + 1
        let rows = padding(setting.padding, image[1], tall, setting.stride.height, isVertical: true)
        let columns = padding(setting.padding, image[2], wide, setting.stride.width, isVertical: false)
        let height = (image[1] + rows.before + rows.after - tall) / setting.stride.height + 1
        let width = (image[2] + columns.before + columns.after - wide) / setting.stride.width + 1
        let outputsPerGroup = weight[3] / setting.groups
        return Plain([image[0], height, width, weight[3]]) { at in
            var sum = x.count > 2 ? x[2].numbers[at[3]] : 0
            let firstChannel = at[3] / outputsPerGroup * weight[2]
            for u in 0..<weight[0] {
                let i = at[1] * setting.stride.height + u * setting.dilation.height - rows.before
                guard i >= 0, i < image[1] else { continue }
                for v in 0..<weight[1] {
                    let j = at[2] * setting.stride.width + v * setting.dilation.width - columns.before
                    guard j >= 0, j < image[2] else { continue }
                    let pixel = ((at[0] * image[1] + i) * image[2] + j) * image[3] + firstChannel
                    let tap = (u * weight[1] + v) * weight[2] * weight[3] + at[3]
                    for c in 0..<weight[2] {
                        sum += x[0].numbers[pixel + c] * x[1].numbers[tap + c * weight[3]]
                    }
                }
            }
            return setting.activation.definition(sum)
        }
    }

    private static func transposedConvolution(
        _ x: [Plain], _ stride: IntPair, _ padding: Padding, _ activation: Activation
    ) -> Plain {
        let (image, weight) = (x[0].shape, x[1].shape)
        let full = IntPair(
            (image[1] - 1) * stride.height + weight[0], (image[2] - 1) * stride.width + weight[1])
        let (size, top, left): (IntPair, Int, Int) =
            switch padding {
            case .valid: (full, 0, 0)
            case .zeros(let vertical, let horizontal):
                (IntPair(full.height - 2 * vertical, full.width - 2 * horizontal), vertical, horizontal)
            case .same:
                (
                    IntPair(image[1] * stride.height, image[2] * stride.width), max(0, weight[0] - stride.height) / 2,
                    max(0, weight[1] - stride.width) / 2
                )
            }
        return Plain([image[0], size.height, size.width, weight[3]]) { at in
            var sum = x.count > 2 ? x[2].numbers[at[3]] : 0
            for i in 0..<image[1] {
                let u = at[1] + top - i * stride.height
                guard u >= 0, u < weight[0] else { continue }
                for j in 0..<image[2] {
                    let v = at[2] + left - j * stride.width
                    guard v >= 0, v < weight[1] else { continue }
                    for c in 0..<weight[2] { sum += x[0][at[0], i, j, c] * x[1][u, v, c, at[3]] }
                }
            }
            return activation.definition(sum)
        }
    }

    private static let convolutionSamples: [Sample<ConvolutionCase>] =
        ConvolutionCase.small.map { Sample([$0.input, $0.weight, [$0.outputs]], $0) }
        + [
            Sample([[0, 5, 4, 2], [3, 3, 2, 3], [3]], ConvolutionCase(input: [0, 5, 4, 2], kernel: 3, outputs: 3)),
            Sample([[1, 3, 4, 2], [2, 2, 2, 2]], ConvolutionCase(input: [1, 3, 4, 2], kernel: 2, outputs: 2)),
            Sample(
                [[1, 3, 4, 1], [2, 2, 1, 3], [3]], ConvolutionCase(input: [1, 3, 4, 1], kernel: 2, outputs: 3),
                .special(pixels)),
        ]
        + [0, 4, 9].map { ConvolutionCase.large[$0] }.map { Sample([$0.input, $0.weight, [$0.outputs]], $0, .large) }

    private static let convolutions: [Operation] = [
        Operation(
            "convolution2D", .ulpsOfLargest(64), convolutionSamples,
            mistakes: [
                Mistake("convolution2D: input is [1, 8, 8, 3], weight [3, 3, 4, 5]") {
                    convolution2D(.zeros([1, 8, 8, 3]), weight: .zeros([3, 3, 4, 5]), bias: nil)
                },
                Mistake("A window of stride 0 × 1 is impossible; both must be at least 1.") {
                    convolution2D(
                        .zeros([1, 8, 8, 3]), weight: .zeros([3, 3, 3, 5]), bias: nil, stride: IntPair(0, 1))
                },
            ]
        ) {
            $1($0[0], $0[1], $0.count > 2 ? $0[2] : nil)
        } definition: {
            convolution($0, $1)
        },
        Operation(
            "transposedConvolution2D", .ulpsOfLargest(16),
            [
                Sample(
                    [[2, 2, 3, 3], [2, 2, 3, 2], [2]],
                    (stride: 2 as IntPair, padding: Padding.valid, activation: Activation.tanh)),
                Sample([[1, 3, 2, 2], [3, 2, 2, 3]], (IntPair(2, 1), .valid, .identity)),
                Sample([[1, 2, 3, 1], [4, 3, 1, 2], [2]], (2, .same, .relu)),
                Sample([[1, 2, 2, 2], [1, 2, 2, 3], [3]], (3, .zeros(vertical: 0, horizontal: 1), .gelu)),
                Sample([[0, 2, 2, 2], [2, 2, 2, 3], [3]], (2, .valid, .identity)),
                Sample([[1, 2, 3, 1], [2, 2, 1, 2], [2]], (2, .valid, .identity), .special(pixels)),
                Sample([[3, 20, 37, 5], [2, 2, 5, 17], [17]], (2, .valid, .silu), .large),
                Sample([[3, 20, 37, 5], [3, 3, 5, 17], [17]], (2, .same, .identity), .large),
            ],
            mistakes: [
                Mistake("transposedConvolution2D: bias is [2]; it must be [3].") {
                    transposedConvolution2D(.zeros([1, 2, 2, 4]), weight: .zeros([2, 2, 4, 3]), bias: .zeros([2]))
                }
            ]
        ) {
            transposedConvolution2D(
                $0[0], weight: $0[1], bias: $0.count > 2 ? $0[2] : nil, stride: $1.stride, padding: $1.padding,
                activation: $1.activation)
        } definition: {
            transposedConvolution($0, $1.stride, $1.padding, $1.activation)
        },
    ]

    /// What `body` returns for the numbers of every window.
    private static func pooled(_ x: Plain, _ kernel: IntPair, _ stride: IntPair, _ body: ([Double]) -> Double) -> Plain
    {
        let height = (x.shape[1] - kernel.height) / stride.height + 1
        let width = (x.shape[2] - kernel.width) / stride.width + 1
        return Plain([x.shape[0], height, width, x.shape[3]]) { at in
            var window: [Double] = []
            for u in 0..<kernel.height {
                for v in 0..<kernel.width {
                    window.append(x[at[0], at[1] * stride.height + u, at[2] * stride.width + v, at[3]])
                }
            }
            return body(window)
        }
    }

    private static let windows: [Sample<(kernel: IntPair, stride: IntPair)>] = [
        Sample([[1, 4, 5, 3]], (2, 2)), Sample([[1, 5, 6, 2]], (3, 2)), Sample([[2, 3, 2, 1]], (1, IntPair(2, 1))),
        Sample([[1, 4, 3, 5]], (IntPair(2, 1), 1)), Sample([[1, 3, 4, 5]], (IntPair(1, 2), IntPair(1, 2))),
        Sample([[2, 6, 7, 17]], (2, 2)), Sample([[0, 4, 4, 2]], (2, 2)), Sample([[1, 4, 4, 0]], (2, 2)),
        Sample([[1, 4, 6, 2]], (2, 2), .special(pixels)), Sample([[1, 5, 5, 1]], (3, 1), .special(pixels)),
        Sample([[4, 41, 43, 21]], (2, 2), .large), Sample([[4, 41, 43, 21]], (3, 2), .large),
    ]

    /// The interpolated number at a position of a line.
    private static func interpolated(_ line: [Double], _ size: Int, _ interpolation: Interpolation) -> [Double] {
        (0..<size).map { i in
            let ratio = Double(line.count) / Double(size)
            let position: Double =
                switch interpolation {
                case .nearest: Double(i * line.count / size)
                case .bilinear: max((Double(i) + 0.5) * ratio - 0.5, 0)
                case .bilinearAligned: size == 1 ? 0 : Double(i * (line.count - 1)) / Double(size - 1)
                }
            let lower = min(Int(position), line.count - 1)
            let part = position - Double(lower)
            if part == 0 || lower + 1 == line.count { return line[lower] }
            return line[lower] * (1 - part) + line[lower + 1] * part
        }
    }

    private static let resizings: [Sample<(size: IntPair, interpolation: Interpolation)>] =
        Interpolation.allCases.flatMap { interpolation in
            [IntPair(6, 8), IntPair(1, 1), IntPair(4, 3), IntPair(2, 7)].map {
                Sample([[2, 3, 4, 2]], (size: $0, interpolation: interpolation))
            }
        } + [
            Sample([[0, 3, 4, 2]], (2, .bilinear)), Sample([[1, 4, 4, 2]], (8, .nearest), .special(pixels)),
            Sample([[2, 31, 33, 21]], (IntPair(50, 60), .bilinear), .large),
        ]

    private static let poolings: [Operation] = [
        Operation(
            "maxPool2D", .ulps(0), windows,
            mistakes: [
                Mistake("maxPool2D: input [1, 2, 9, 3] is smaller than the window 3 × 3.") {
                    maxPool2D(.zeros([1, 2, 9, 3]), kernel: 3)
                }
            ]
        ) {
            maxPool2D($0[0], kernel: $1.kernel, stride: $1.stride)
        } definition: {
            pooled($0[0], $1.kernel, $1.stride) { $0.top }
        },
        Operation("averagePool2D", .ulpsOfLargest(4), windows) {
            averagePool2D($0[0], kernel: $1.kernel, stride: $1.stride)
        } definition: {
            pooled($0[0], $1.kernel, $1.stride) { $0.total / Double($0.count) }
        },
        Operation(
            "resize2D", .ulpsOfLargest(4), resizings,
            mistakes: [
                Mistake("resize2D: input is [1, 0, 9, 3]; it must be [batch, height, width, channels], with pixels.") {
                    resize2D(.zeros([1, 0, 9, 3]), to: 4)
                }
            ]
        ) {
            resize2D($0[0], to: $1.size, $1.interpolation)
        } definition: { x, setting in
            x[0].lines(along: 2) { interpolated($0, setting.size.width, setting.interpolation) }
                .lines(along: 1) { interpolated($0, setting.size.height, setting.interpolation) }
        },
        Operation(
            "embedding", .exact,
            [
                Sample([[4, 3]], [0, 3, 3, 1]), Sample([[1, 17]], [0, 0]), Sample([[4, 3]], []),
                Sample([[4, 0]], [2, 1]),
                Sample([[4, 4]], [1, 3], .special(special)), Sample([[300, 301]], [7, 7, 299, 0], .large),
            ],
            mistakes: [
                Mistake("embedding: index 5 is not one of 5 rows.") { embedding([0, 5], table: .zeros([5, 2])) }
            ]
        ) {
            embedding(Tensor<Int32>($1.map { Int32($0) }), table: $0[0])
        } definition: { x, rows in
            x[0].lines(along: 0) { line in rows.map { line[$0] } }
        },
    ]

    // MARK: Normalization

    /// The numbers with mean 0 and variance 1, but for ε.
    private static func normalized(_ x: [Double], _ epsilon: Double = 1e-5) -> [Double] {
        let mean = x.total / Double(x.count)
        let variance = x.map { ($0 - mean) * ($0 - mean) }.total / Double(x.count)
        return x.map { ($0 - mean) / (variance + epsilon).squareRoot() }
    }

    /// Scaled and shifted along the last axis.
    private static func transformed(_ x: Plain, _ inputs: [Plain], _ activation: Activation) -> Plain {
        x.combined(inputs[1]) { $0 * $1 }.combined(inputs[2]) { $0 + $1 }.map(activation.definition)
    }

    /// Every group of channels of every sample normalized, over all positions.
    private static func groupNormalized(_ x: Plain, _ groups: Int) -> Plain {
        let channels = x.shape[x.rank - 1]
        let width = channels / groups
        let (batch, positions) = (x.shape[0], x.shape[1..<x.rank - 1].reduce(1, *))
        var numbers = x.numbers
        for sample in 0..<batch {
            for group in 0..<groups {
                let members = (0..<positions * width).map { member in
                    (sample * positions + member / width) * channels + group * width + member % width
                }
                let results = normalized(members.map { x.numbers[$0] })
                for (member, result) in zip(members, results) { numbers[member] = result }
            }
        }
        return Plain(numbers, shape: x.shape)
    }

    private static let normalizations: [Operation] = [
        Operation(
            "layerNormalization", .ulpsOfLargest(16),
            ([[4, 3], [2, 3, 7], [5, 1], [2, 17], [1, 33], [0, 3]] as [Shape]).map {
                Sample([$0, [$0[$0.rank - 1]], [$0[$0.rank - 1]]])
            } + [
                Sample([[3, 11], [11], [11]], .special(withNaN)),
                Sample([[301, 300], [300], [300]], .large),
            ],
            mistakes: [
                Mistake("layerNormalization: input is [2, 3]; its last axis must be 4, which must not be 0.") {
                    layerNormalization(.zeros([2, 3]), scale: .ones([4]), shift: .zeros([4]))
                },
                Mistake("layerNormalization: scale is [3], shift [2]; both must be [3].") {
                    layerNormalization(.zeros([2, 3]), scale: .ones([3]), shift: .zeros([2]))
                },
            ]
        ) { x, _ in
            layerNormalization(x[0], scale: x[1], shift: x[2])
        } definition: { x, _ in
            transformed(x[0].lines(along: -1) { normalized($0) }, x, .identity)
        },
        Operation(
            "groupNormalization", .ulpsOfLargest(16),
            [
                Sample([[2, 3, 2, 4], [4], [4]], (groups: 2, activation: Activation.identity)),
                Sample([[2, 5, 6], [6], [6]], (3, .tanh)), Sample([[3, 4, 3], [3], [3]], (3, .gelu)),
                Sample([[2, 5, 5], [5], [5]], (1, .silu)), Sample([[2, 33, 17], [17], [17]], (1, .relu)),
                Sample([[0, 3, 4], [4], [4]], (2, .identity)),
                Sample([[2, 7, 4], [4], [4]], (2, .identity), .special(withNaN)),
                Sample([[2, 200, 30, 16], [16], [16]], (4, .relu), .large),
            ],
            mistakes: [
                Mistake("groupNormalization: 4 channels cannot be divided into 3 groups.") {
                    groupNormalization(.zeros([2, 4]), groups: 3, scale: .ones([4]), shift: .zeros([4]))
                }
            ]
        ) {
            groupNormalization($0[0], groups: $1.groups, scale: $0[1], shift: $0[2], activation: $1.activation)
        } definition: { x, setting in
            transformed(groupNormalized(x[0], setting.groups), x, setting.activation)
        },
        Operation(
            "batchNormalization", .ulpsOfLargest(16),
            Sample.each(Activation.allCases, [[7, 2, 3], [3], [3]]) + [
                Sample([[5, 9], [9], [9]], .identity), Sample([[2, 3, 2, 5], [5], [5]], .identity),
                Sample([[33, 17], [17], [17]], .identity),
                Sample([[3, 5], [5], [5]], .identity, .special(withNaN)),
                Sample([[20, 30, 40, 8], [8], [8]], .relu, .large),
            ],
            mistakes: [
                Mistake("batchNormalization: the batch of shape [0, 3] is empty.") {
                    batchNormalization(.zeros([0, 3]), scale: .ones([3]), shift: .zeros([3])).output
                },
                Mistake("batchNormalization: input is [1, 3], with one value per channel; statistics need several.") {
                    batchNormalization(.zeros([1, 3]), scale: .ones([3]), shift: .zeros([3])).output
                },
            ]
        ) {
            batchNormalization($0[0], scale: $0[1], shift: $0[2], activation: $1).output
        } definition: { x, activation in
            let channels = x[1].shape[0]
            let rows = Plain(x[0].numbers, shape: [x[0].numbers.count / channels, channels])
            let result = rows.lines(along: 0) { normalized($0) }
            return transformed(Plain(result.numbers, shape: x[0].shape), x, activation)
        },
    ]
}
