import DuctusAutograd
import DuctusTestSupport
import Testing

/// Forward and backward passes of every operation against PyTorch. The golden values are exact to half a unit in the last
/// place of Float; the tolerances allow for rounding in our own sums.
@Suite struct OperationGoldenTests {
    @Test(arguments: try Goldens.cases("dense"))
    func dense(golden: GoldenCase) throws {
        let inputs = golden.present("input", "weight", "bias")
        let found = try golden.disagreements(of: inputs, tolerance: 2e-6) {
            DuctusAutograd.dense(
                $0[0], weight: $0[1], bias: $0.count > 2 ? $0[2] : nil, activation: golden.activation)
        }
        #expect(found == [])
    }

    @Test(arguments: try Goldens.cases("conv2d"), ConvolutionAlgorithm.allCases)
    func convolution(golden: GoldenCase, algorithm: ConvolutionAlgorithm) throws {
        let amount = golden.pair("padding")
        let padding: Padding =
            golden.flag("same") ? .same : .zeros(vertical: amount.height, horizontal: amount.width)
        let inputs = golden.present("input", "weight", "bias")
        let found = try ConvolutionAlgorithm.$forced.withValue(algorithm) {
            try golden.disagreements(of: inputs, tolerance: 3e-6) {
                convolution2D(
                    $0[0], weight: $0[1], bias: $0.count > 2 ? $0[2] : nil, stride: golden.pair("stride"),
                    padding: padding, dilation: golden.pair("dilation"), activation: golden.activation)
            }
        }
        #expect(found == [])
    }

    @Test(arguments: try Goldens.cases("conv2d_groups"))
    func groupedConvolution(golden: GoldenCase) throws {
        let amount = golden.pair("padding")
        let groups = golden.integer("groups")
        let found = try golden.disagreements(of: golden.present("input", "weight", "bias"), tolerance: 3e-6) {
            convolution2D(
                $0[0], weight: $0[1], bias: $0.count > 2 ? $0[2] : nil, stride: golden.pair("stride"),
                padding: .zeros(vertical: amount.height, horizontal: amount.width),
                dilation: golden.pair("dilation"), groups: groups, activation: golden.activation)
        }
        #expect(found == [])
    }

    @Test(arguments: try Goldens.cases("conv_transpose2d"))
    func transposedConvolution(golden: GoldenCase) throws {
        let amount = golden.pair("padding")
        let found = try golden.disagreements(of: golden.present("input", "weight", "bias"), tolerance: 3e-6) {
            transposedConvolution2D(
                $0[0], weight: $0[1], bias: $0.count > 2 ? $0[2] : nil, stride: golden.pair("stride"),
                padding: .zeros(vertical: amount.height, horizontal: amount.width), activation: golden.activation)
        }
        #expect(found == [])
    }

    /// A maximum is exact, and its gradient a sum of few terms.
    @Test(arguments: try Goldens.cases("maxpool2d"))
    func maxPooling(golden: GoldenCase) throws {
        let found = try golden.disagreements(of: ["input"], tolerance: 2e-7) {
            maxPool2D($0[0], kernel: golden.pair("kernel"), stride: golden.pair("stride"))
        }
        #expect(found == [])
    }

    @Test(arguments: try Goldens.cases("avgpool2d"))
    func averagePooling(golden: GoldenCase) throws {
        let found = try golden.disagreements(of: ["input"], tolerance: 5e-7) {
            averagePool2D($0[0], kernel: golden.pair("kernel"), stride: golden.pair("stride"))
        }
        #expect(found == [])
    }

    @Test(arguments: try Goldens.cases("resize"))
    func resizing(golden: GoldenCase) throws {
        let interpolation = try #require(Interpolation(rawValue: golden.text("mode")))
        let found = try golden.disagreements(of: ["input"], tolerance: 1e-6) {
            resize2D($0[0], to: golden.pair("size"), interpolation)
        }
        #expect(found == [])
    }

    @Test(arguments: try Goldens.cases("groupnorm"))
    func groupNormalization(golden: GoldenCase) throws {
        let found = try golden.disagreements(of: ["input", "weight", "bias"], tolerance: 5e-6) {
            DuctusAutograd.groupNormalization($0[0], groups: golden.integer("groups"), scale: $0[1], shift: $0[2])
        }
        #expect(found == [])
    }

    @Test(arguments: try Goldens.cases("embedding"))
    func embedding(golden: GoldenCase) throws {
        let indices = try golden.tensor("indices", as: Int32.self)
        let found = try golden.disagreements(of: ["table"], tolerance: 1e-6) {
            DuctusAutograd.embedding(indices, table: $0[0])
        }
        #expect(found == [])
    }

    @Test(arguments: try Goldens.cases("batchnorm").filter { $0.flag("training") })
    func batchNormalizationOfTheBatch(golden: GoldenCase) throws {
        let found = try golden.disagreements(of: ["input", "weight", "bias"], tolerance: 5e-6) {
            batchNormalization($0[0], scale: $0[1], shift: $0[2], activation: golden.activation).output
        }
        #expect(found == [])
    }

    /// With given statistics the normalization is plain arithmetic; layer tests cover the running statistics.
    @Test(arguments: try Goldens.cases("batchnorm").filter { !$0.flag("training") && $0.activation == .identity })
    func batchNormalizationWithGivenStatistics(golden: GoldenCase) throws {
        let mean = try golden.tensor("running_mean")
        let deviation = (try golden.tensor("running_variance") + 1e-5).squareRoot()
        let found = try golden.disagreements(of: ["input", "weight", "bias"], tolerance: 2e-6) {
            ($0[0] - mean) / deviation * $0[1] + $0[2]
        }
        #expect(found == [])
    }

    /// Far from zero, subtracting the mean cancels digits.
    @Test(arguments: try Goldens.cases("layernorm"))
    func layerNormalization(golden: GoldenCase) throws {
        let tolerance = golden.name == "far_from_zero" ? 5e-5 : 5e-6
        let found = try golden.disagreements(of: ["input", "weight", "bias"], tolerance: tolerance) {
            DuctusAutograd.layerNormalization($0[0], scale: $0[1], shift: $0[2])
        }
        #expect(found == [])
    }

    @Test(arguments: try Goldens.cases("gru"))
    func gatedRecurrentUnit(golden: GoldenCase) throws {
        let parts = ["input_weight", "recurrent_weight", "bias", "candidate_bias"]
        let direction = golden.text("direction")
        let prefixes = direction == "bidirectional" ? ["forward.", "backward."] : [""]
        let inputs = ["input"] + prefixes.flatMap { prefix in parts.map { prefix + $0 } }
        let lengths = try golden.has("lengths") ? golden.tensor("lengths", as: Int32.self).scalars.map(Int.init) : nil
        let found = try golden.disagreements(of: inputs, tolerance: 3e-6) {
            let all = stride(from: 1, to: $0.count, by: 4).map { [x = $0] i in
                GRUWeights(input: x[i], recurrent: x[i + 1], bias: x[i + 2], candidateBias: x[i + 3])
            }
            return gru(
                $0[0], forward: direction == "reverse" ? nil : all[0],
                backward: direction == "forward" ? nil : all.last, lengths: lengths)
        }
        #expect(found == [])
    }

    @Test(arguments: try Goldens.cases("attention"))
    func attention(golden: GoldenCase) throws {
        let mask = try golden.has("mask") ? golden.tensor("mask", as: Int32.self) : nil
        let visible = mask.map { Tensor($0.scalars.map { $0 == 1 }, shape: $0.shape) }
        let found = try golden.disagreements(of: ["query", "key", "value"], tolerance: 3e-6) {
            DuctusAutograd.attention(
                query: $0[0], key: $0[1], value: $0[2], heads: golden.integer("heads"), causal: golden.flag("causal"),
                mask: visible)
        }
        #expect(found == [])
    }

    /// Initial states are not supported, so `forward.with_states` is skipped.
    @Test(arguments: try Goldens.cases("lstm").filter { $0.name != "forward.with_states" })
    func longShortTermMemory(golden: GoldenCase) throws {
        let parts = ["input_weight", "recurrent_weight", "bias"]
        let direction = golden.text("direction")
        let prefixes = direction == "bidirectional" ? ["forward.", "backward."] : [""]
        let inputs = ["input"] + prefixes.flatMap { prefix in parts.map { prefix + $0 } }
        let lengths = try golden.has("lengths") ? golden.tensor("lengths", as: Int32.self).scalars.map(Int.init) : nil
        let found = try golden.disagreements(of: inputs, tolerance: 3e-6) {
            let all = stride(from: 1, to: $0.count, by: 3).map { [x = $0] i in
                LSTMWeights(input: x[i], recurrent: x[i + 1], bias: x[i + 2])
            }
            return lstm(
                $0[0], forward: direction == "reverse" ? nil : all[0],
                backward: direction == "forward" ? nil : all.last, lengths: lengths)
        }
        #expect(found == [])
    }

    /// The golden gradient is that of `output` itself, a mean.
    @Test(arguments: try Goldens.cases("cross_entropy"))
    func crossEntropy(golden: GoldenCase) throws {
        let labels = try golden.tensor("labels", as: Int32.self)
        let found = try golden.disagreements(of: ["logits"], tolerance: 2e-6) { softmaxCrossEntropy($0[0], labels) }
        #expect(found == [])
    }

    /// The losses of the samples and the gradient of their sum; a sample with too few steps has loss ∞ and gradient 0.
    @Test(arguments: try Goldens.cases("ctc"))
    func connectionistTemporalClassification(golden: GoldenCase) throws {
        func integers(_ part: String) throws -> [Int] { try golden.tensor(part, as: Int32.self).scalars.map(Int.init) }
        let labels = try golden.tensor("labels", as: Int32.self)
        let (labelLengths, logitLengths) = (try integers("label_lengths"), try integers("logit_lengths"))
        var losses = Tensor<Float>(0)
        let gradient = valueAndGradient(at: [try golden.tensor("logits")]) {
            let all = ctcLoss(
                $0[0], labels: labels, labelLengths: labelLengths, logitLengths: logitLengths,
                blank: golden.integer("blank"))
            losses = all.detached()
            return all.sum()
        }.gradients[0]
        #expect(disagreement(of: losses, with: try golden.tensor("losses"), tolerance: 3e-6) == nil)
        #expect(disagreement(of: gradient, with: try golden.tensor("grad_logits"), tolerance: 2e-5) == nil)
        if golden.has("output") {
            #expect(disagreement(of: losses.mean(), with: try golden.tensor("output"), tolerance: 3e-6) == nil)
        }
    }
}
