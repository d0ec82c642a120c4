import DuctusAutograd
import DuctusTestSupport
import Testing

/// The geometry of a convolution.
struct ConvolutionCase: CustomStringConvertible, Sendable {
    var input: Shape
    var kernel: IntPair
    var outputs: Int
    var stride: IntPair = 1
    var padding: Padding = .valid
    var dilation: IntPair = 1
    var groups = 1
    var activation: Activation = .identity

    var weight: Shape { [kernel.height, kernel.width, input[3] / groups, outputs] }

    var description: String {
        "\(input) kernel \(kernel.height)x\(kernel.width) to \(outputs) stride \(stride.height)x\(stride.width) "
            + "\(padding) dilation \(dilation.height)x\(dilation.width) "
            + "\(groups) groups \(activation)"
    }

    func callAsFunction<Scalar: FloatingScalar>(
        _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ bias: Tensor<Scalar>? = nil
    ) -> Tensor<Scalar> {
        convolution2D(
            x, weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups,
            activation: activation)
    }

    static let small: [ConvolutionCase] = ungrouped + depthwise + grouped

    /// As many groups as channels: fewer channels than a vector has, and more; borders, gaps and phases of the stride.
    private static let depthwise: [ConvolutionCase] = [
        .init(input: [2, 4, 5, 3], kernel: 3, outputs: 3, padding: .same, groups: 3, activation: .tanh),
        .init(input: [1, 5, 12, 9], kernel: 3, outputs: 9, padding: .same, groups: 9),
        .init(input: [1, 6, 7, 5], kernel: 3, outputs: 5, stride: 2, padding: .zeros(1), groups: 5),
        .init(input: [1, 6, 9, 4], kernel: 5, outputs: 4, stride: IntPair(1, 3), padding: .same, groups: 4),
        .init(input: [1, 8, 9, 4], kernel: IntPair(2, 3), outputs: 4, stride: 3, dilation: IntPair(3, 2), groups: 4),
        .init(input: [1, 3, 2, 8], kernel: 3, outputs: 8, padding: .zeros(4), groups: 8),
        .init(input: [1, 9, 10, 4], kernel: 7, outputs: 4, padding: .same, groups: 4, activation: .gelu),
    ]

    /// Groups that share vectors, and some that do not.
    private static let grouped: [ConvolutionCase] = [
        .init(input: [2, 4, 5, 4], kernel: 3, outputs: 6, padding: .same, groups: 2, activation: .tanh),
        .init(input: [1, 5, 4, 6], kernel: 3, outputs: 3, groups: 3),
        .init(input: [1, 5, 6, 4], kernel: 3, outputs: 8, padding: .same, groups: 4),
        .init(input: [1, 6, 7, 6], kernel: 3, outputs: 4, stride: 2, padding: .zeros(1), groups: 2),
        .init(input: [1, 7, 8, 4], kernel: IntPair(3, 2), outputs: 4, stride: IntPair(3, 2), groups: 2),
        .init(input: [1, 5, 4, 4], kernel: 1, outputs: 4, stride: 2, padding: .zeros(1), groups: 2),
    ]

    private static let ungrouped: [ConvolutionCase] = [
        .init(input: [1, 1, 1, 1], kernel: 1, outputs: 1),
        .init(input: [2, 3, 5, 3], kernel: 1, outputs: 4, activation: .tanh),
        .init(input: [1, 5, 4, 2], kernel: 1, outputs: 3, stride: 2, activation: .sigmoid),
        .init(input: [2, 5, 6, 3], kernel: 1, outputs: 4, padding: .zeros(1)),
        .init(input: [2, 4, 5, 2], kernel: 3, outputs: 3, padding: .same, activation: .tanh),
        .init(input: [1, 5, 4, 1], kernel: 3, outputs: 5, activation: .sigmoid),
        .init(input: [2, 4, 5, 4], kernel: 3, outputs: 8, padding: .same, activation: .gelu),
        .init(input: [1, 3, 4, 2], kernel: 3, outputs: 2, padding: .zeros(3)),
        .init(input: [1, 6, 5, 2], kernel: IntPair(2, 4), outputs: 3, padding: .same),
        .init(input: [1, 7, 6, 2], kernel: 3, outputs: 3, stride: 2, padding: .zeros(1), activation: .tanh),
        .init(input: [2, 5, 8, 1], kernel: IntPair(3, 2), outputs: 2, stride: IntPair(1, 3), padding: .same),
        .init(input: [1, 7, 8, 2], kernel: 3, outputs: 2, dilation: 2),
        .init(input: [1, 6, 9, 1], kernel: IntPair(3, 3), outputs: 3, padding: .same, dilation: IntPair(2, 4)),
        .init(input: [1, 9, 8, 2], kernel: 3, outputs: 2, stride: 2, padding: .zeros(2), dilation: 2),
        .init(input: [1, 4, 6, 2], kernel: IntPair(4, 6), outputs: 3),
        .init(input: [2, 5, 7, 4], kernel: 3, outputs: 8, padding: .same, activation: .tanh),
        .init(input: [1, 9, 6, 8], kernel: 3, outputs: 4, padding: .zeros(3), dilation: IntPair(2, 1)),
        .init(input: [1, 8, 11, 4], kernel: 3, outputs: 4, dilation: IntPair(1, 3)),
    ]

    /// Enough rows, channels and pixels for full register tiles, remainders and several tasks.
    static let large: [ConvolutionCase] = [
        .init(input: [3, 20, 37, 5], kernel: 3, outputs: 17, padding: .same),
        .init(input: [2, 33, 26, 16], kernel: IntPair(5, 3), outputs: 24, stride: IntPair(2, 1), padding: .zeros(1)),
        .init(input: [2, 24, 25, 3], kernel: 7, outputs: 8, padding: .same, dilation: 3),
        .init(input: [5, 19, 23, 33], kernel: 1, outputs: 40),
        .init(input: [7, 17, 18, 16], kernel: 3, outputs: 24, padding: .same),
        .init(input: [3, 24, 31, 16], kernel: 3, outputs: 24, stride: 2, padding: .zeros(1)),
        .init(input: [2, 33, 21, 8], kernel: 3, outputs: 40, padding: .zeros(5), dilation: 5),
        .init(input: [2, 9, 10, 128], kernel: 3, outputs: 16, padding: .same, activation: .relu),
        .init(input: [3, 20, 37, 21], kernel: 3, outputs: 21, padding: .same, groups: 21, activation: .relu),
        .init(input: [2, 33, 26, 40], kernel: 5, outputs: 40, stride: 2, padding: .zeros(2), groups: 40),
        .init(input: [2, 21, 22, 64], kernel: 3, outputs: 64, padding: .same, groups: 16),
        .init(input: [2, 21, 22, 24], kernel: 3, outputs: 48, stride: 2, padding: .zeros(1), groups: 2),
        .init(input: [1, 9, 10, 128], kernel: 3, outputs: 128, padding: .same, groups: 2),
        // Whole vectors of every instruction set.
        .init(input: [2, 13, 14, 48], kernel: 3, outputs: 48, padding: .same),
        .init(input: [2, 20, 37, 48], kernel: 3, outputs: 48, padding: .same, groups: 48, activation: .relu),
        .init(input: [2, 9, 30, 80], kernel: 5, outputs: 80, padding: .same, groups: 80),
        .init(input: [1, 9, 10, 32], kernel: 7, outputs: 32, padding: .same, groups: 32),
        .init(input: [1, 6, 3, 64], kernel: 3, outputs: 64, groups: 64),
    ]
}

@Suite struct ConvolutionPropertyTests {
    /// The three products of a convolution are one trilinear form: ⟨y(x, w), g⟩ = ⟨x, dx(g, w)⟩ = ⟨w, dw(g, x)⟩.
    @Test(arguments: ConvolutionCase.small + ConvolutionCase.large, ConvolutionAlgorithm.allCases)
    func gradientsAreAdjoint(convolution: ConvolutionCase, algorithm: ConvolutionAlgorithm) {
        var linear = convolution
        linear.activation = .identity
        ConvolutionAlgorithm.$forced.withValue(algorithm) { [linear] in
            let (x, w) = (Tensor<Double>.sample(linear.input, seed: 1), Tensor<Double>.sample(linear.weight, seed: 2))
            let y = linear(x, w)
            let g = Tensor<Double>.sample(y.shape, seed: 3)
            let gradients = valueAndGradient(at: [x, w]) { (linear($0[0], $0[1]) * g).sum() }.gradients
            let (form, size) = (y.dot(g), (y.dot(y) * g.dot(g)).squareRoot())
            #expect(abs(x.dot(gradients[0]) - form) <= 1e-12 * size)
            #expect(abs(w.dot(gradients[1]) - form) <= 1e-12 * size)
        }
    }

    @Test(arguments: ConvolutionCase.small + ConvolutionCase.large)
    func algorithmsAgree(convolution: ConvolutionCase) {
        let inputs = [convolution.input, convolution.weight, [convolution.outputs]].enumerated().map {
            Tensor<Float>.sample($0.element, seed: UInt64($0.offset), scale: $0.offset == 1 ? 0.2 : 1)
        }
        let results = ConvolutionAlgorithm.allCases.map { algorithm in
            ConvolutionAlgorithm.$forced.withValue(algorithm) {
                let y = convolution(inputs[0], inputs[1], inputs[2])
                let g = Tensor<Float>.sample(y.shape, seed: 9)
                return [y] + valueAndGradient(at: inputs) { (convolution($0[0], $0[1], $0[2]) * g).sum() }.gradients
            }
        }
        for result in results.dropFirst() {
            for (a, b) in zip(result, results[0]) { #expect(disagreement(of: a, with: b, tolerance: 2e-5) == nil) }
        }
    }

    /// Groups are convolutions of their own.
    @Test(arguments: (ConvolutionCase.small + ConvolutionCase.large).filter { $0.groups > 1 })
    func groupsAreIndependent(convolution: ConvolutionCase) {
        let inputs = [convolution.input, convolution.weight, [convolution.outputs]].enumerated().map {
            Tensor<Float>.sample($0.element, seed: UInt64($0.offset), scale: $0.offset == 1 ? 0.2 : 1)
        }
        func separate(_ x: Tensor<Float>, _ w: Tensor<Float>, _ bias: Tensor<Float>) -> Tensor<Float> {
            var single = convolution
            single.groups = 1
            let (x, w) = (x.split(into: convolution.groups, axis: 3), w.split(into: convolution.groups, axis: 3))
            let bias = bias.split(into: convolution.groups, axis: 0)
            return .concatenated((0..<convolution.groups).map { single(x[$0], w[$0], bias[$0]) }, axis: 3)
        }
        let g = Tensor<Float>.sample(convolution(inputs[0], inputs[1]).shape, seed: 9)
        func products(
            _ function: (Tensor<Float>, Tensor<Float>, Tensor<Float>) -> Tensor<Float>
        ) -> [Tensor<Float>] {
            [function(inputs[0], inputs[1], inputs[2])]
                + valueAndGradient(at: inputs) { (function($0[0], $0[1], $0[2]) * g).sum() }.gradients
        }
        for (a, b) in zip(products { convolution($0, $1, $2) }, products(separate)) {
            #expect(disagreement(of: a, with: b, tolerance: 2e-5) == nil)
        }
    }

    /// Winograd's transforms suffer from cancellation. Their error stays within a few roundings of the sum of magnitudes
    /// (Barabasz et al. 2020); that of the direct sum is about one.
    @Test(arguments: [8, 64, 256]) func winogradErrorIsBounded(channels: Int) {
        let convolution = ConvolutionCase(
            input: [1, 22, 27, channels], kernel: 3, outputs: 16, padding: .same, dilation: IntPair(1, 2))
        let (x, w) = (
            Tensor<Float>.sample(convolution.input, seed: 1), Tensor<Float>.sample(convolution.weight, seed: 2)
        )
        let g = Tensor<Float>.sample([1, 22, 27, 16], seed: 3)
        func products<Scalar: FloatingScalar>(_ x: Tensor<Scalar>, _ w: Tensor<Scalar>, _ g: Tensor<Scalar>) -> [Tensor<
            Scalar
        >] {
            let (y, pullback) = valueAndPullback(at: [x, w]) { convolution($0[0], $0[1]) }
            return [y] + pullback(g)
        }
        func wide(_ tensor: Tensor<Float>) -> Tensor<Double> {
            Tensor(tensor.scalars.map(Double.init), shape: tensor.shape)
        }
        let found = ConvolutionAlgorithm.$forced.withValue(.winograd) { products(x, w, g) }
        let exact = ConvolutionAlgorithm.$forced.withValue(.direct) { products(wide(x), wide(w), wide(g)) }
        let magnitudes = ConvolutionAlgorithm.$forced.withValue(.direct) {
            products(wide(x).magnitude(), wide(w).magnitude(), wide(g).magnitude())
        }
        for (found, (exact, magnitude)) in zip(found, zip(exact, magnitudes)) {
            let error = (wide(found) - exact).magnitude().scalars.max() ?? 0
            let bound = 4 * Double(Float.ulpOfOne) * (magnitude.scalars.max() ?? 0)
            #expect(error <= bound, "\(error / bound) of the bound")
        }
    }

    /// The definition, tap by tap.
    @Test(arguments: ConvolutionCase.small, ConvolutionAlgorithm.allCases)
    func equalsTheDefinition(convolution: ConvolutionCase, algorithm: ConvolutionAlgorithm) {
        var linear = convolution
        linear.activation = .identity
        let (x, w) = (Tensor<Double>.sample(linear.input, seed: 4), Tensor<Double>.sample(linear.weight, seed: 5))
        let bias = Tensor<Double>.sample([linear.outputs], seed: 6)
        let y = ConvolutionAlgorithm.$forced.withValue(algorithm) { [linear] in linear(x, w, bias) }
        let (height, width) = (x.shape[1], x.shape[2])
        let before = linear.before
        for at in indices(of: y.shape) {
            var sum = bias[at[3]]
            for tap in indices(of: Shape(linear.weight.prefix(3))) {
                let i = at[1] * linear.stride.height + tap[0] * linear.dilation.height - before.height
                let j = at[2] * linear.stride.width + tap[1] * linear.dilation.width - before.width
                guard (0..<height).contains(i), (0..<width).contains(j) else { continue }
                let channel = at[3] / (linear.outputs / linear.groups) * linear.weight[2] + tap[2]
                sum += x[at[0], i, j, channel] * w[tap[0], tap[1], tap[2], at[3]]
            }
            #expect(abs(y[at[0], at[1], at[2], at[3]] - sum) < 1e-12)
        }
    }

    @Test(arguments: [ConvolutionAlgorithm.im2col, .direct]) func acceptsEmptyBatches(algorithm: ConvolutionAlgorithm) {
        let convolution = ConvolutionCase(input: [0, 5, 4, 2], kernel: 3, outputs: 3, padding: .same)
        let x = Tensor<Float>.zeros(convolution.input)
        let w = Tensor<Float>.sample(convolution.weight)
        ConvolutionAlgorithm.$forced.withValue(algorithm) {
            let (value, gradients) = valueAndGradient(at: [x, w]) { convolution($0[0], $0[1]).sum() }
            #expect(value.item() == 0)
            #expect(gradients == [x, .zeros(w.shape)])
        }
    }

    @Test(arguments: [2, 4]) func groupsAcceptEmptyBatches(groups: Int) {
        let convolution = ConvolutionCase(input: [0, 5, 4, 4], kernel: 3, outputs: 4, padding: .same, groups: groups)
        let (x, w) = (Tensor<Float>.zeros(convolution.input), Tensor<Float>.sample(convolution.weight))
        let (value, gradients) = valueAndGradient(at: [x, w]) { convolution($0[0], $0[1]).sum() }
        #expect(value.item() == 0)
        #expect(gradients == [x, .zeros(w.shape)])
    }

    /// Padding alone gives the bias.
    @Test(arguments: [1, 2, 4]) func groupsAcceptImagesWithoutRows(groups: Int) {
        let convolution = ConvolutionCase(
            input: [1, 0, 3, 4], kernel: 3, outputs: 4, padding: .zeros(2), groups: groups, activation: .relu)
        let bias: Tensor<Float> = [1, -2, 3, 4]
        let y = convolution(.zeros(convolution.input), .sample(convolution.weight), bias)
        #expect(y == bias.relu().broadcast(to: [1, 2, 5, 4]))
    }
}

extension ConvolutionCase {
    /// Zero padding above and to the left.
    fileprivate var before: IntPair {
        func half(_ size: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
            max(0, ((size + stride - 1) / stride - 1) * stride + (kernel - 1) * dilation + 1 - size) / 2
        }
        return switch padding {
        case .valid: 0
        case .zeros(let vertical, let horizontal): IntPair(vertical, horizontal)
        case .same:
            IntPair(
                half(input[1], kernel.height, stride.height, dilation.height),
                half(input[2], kernel.width, stride.width, dilation.width))
        }
    }
}
