import DuctusLayers
import DuctusTestSupport
import Testing

/// Attention, transformer blocks and positional encodings: against PyTorch, and properties that hold for any weights.
@Suite struct AttentionLayerTests {
    /// The names of our parameters in PyTorch.
    private static let theirs = [
        "attention.": "self_attn.", "selfAttention.": "self_attn.", "crossAttention.": "multihead_attn.",
        "projection.weight": "in_proj_weight", "projection.bias": "in_proj_bias", "output.": "out_proj.",
        "feedForward.inner.": "linear1.", "feedForward.outer.": "linear2.", "attentionNorm.": "norm1.",
        "selfAttentionNorm.": "norm1.", "crossAttentionNorm.": "norm2.", "scale": "weight", "shift": "bias",
    ]

    private static func name(_ ours: String, isDecoder: Bool) -> String {
        if ours.hasPrefix("feedForwardNorm.") {
            return (isDecoder ? "norm3." : "norm2.") + (ours.hasSuffix("scale") ? "weight" : "bias")
        }
        var rest = ours[...]
        var name = ""
        while let part = theirs.keys.filter({ rest.hasPrefix($0) }).max(by: { $0.count < $1.count }) {
            name += theirs[part] ?? ""
            rest = rest.dropFirst(part.count)
        }
        return name + rest
    }

    /// The output, and the gradients of the inputs and of every parameter.
    @Test(arguments: try Goldens.cases("transformer")) func agreesWithPyTorch(golden: GoldenCase) throws {
        let lengths = golden.attributes["lengths"] == nil ? nil : golden.integers("lengths")
        let (channels, heads, hidden) = (6, golden.integer("heads"), golden.integer("hidden"))
        let norm = NormPosition(rawValue: golden.text("norm")) ?? .before
        let activation = Activation(rawValue: golden.text("function")) ?? .relu
        let module: any Module
        let run: ([Tensor<Float>]) -> Tensor<Float>
        switch golden.operation {
        case "attention":
            let layer = MultiHeadAttention(channels, heads: heads)
            let mask = golden.integers("mask")
            let visible = mask.isEmpty ? nil : Tensor(mask.map { $0 == 1 }, shape: [3, 5])
            module = layer
            run = { layer($0[0], attendingTo: $0.count > 1 ? $0[1] : nil, mask: visible, keyLengths: lengths) }
        case "encoder":
            let layer = TransformerEncoderBlock(
                channels, heads: heads, hidden: hidden, activation: activation, norm: norm)
            module = layer
            run = { layer($0[0], lengths: lengths) }
        default:
            let layer = TransformerDecoderBlock(
                channels, heads: heads, hidden: hidden, activation: activation, norm: norm)
            module = layer
            run = { layer($0[0], attendingTo: $0[1], memoryLengths: lengths) }
        }
        func goldenName(_ ours: String) -> String { Self.name(ours, isDecoder: golden.operation == "decoder") }
        for (name, parameter) in module.namedParameters { parameter.stored = try golden.tensor(goldenName(name)) }

        let inputs = golden.present("input", "memory")
        let found = try golden.disagreements(of: inputs, tolerance: 1e-5, run)
        #expect(found == [])
        let upstream = try golden.tensor("grad_output")
        let values = try inputs.map { try golden.tensor($0) }
        let gradients = valueAndGradient(of: module.trainableParameters) { (run(values) * upstream).sum() }.gradients
        for (name, parameter) in module.namedParameters {
            let gradient = try #require(gradients[parameter])
            let expected = try golden.tensor("grad_" + goldenName(name))
            #expect(disagreement(of: gradient, with: expected, tolerance: 1e-5) == nil, "\(name)")
        }
    }

    @Test(arguments: [false, true]) func selfAttentionEqualsAttentionToTheSameSequence(isCausal: Bool) {
        let layer = MultiHeadAttention(12, heads: 3, causal: isCausal)
        let x = Tensor<Float>.sample([2, 5, 12])
        #expect(disagreement(of: layer(x, attendingTo: x), with: layer(x), tolerance: 1e-5) == nil)
    }

    @Test(arguments: [1, 2, 6], [false, true]) func outputIsTheWeightedMeanOfTheValues(heads: Int, isMasked: Bool) {
        let (query, key) = (Tensor<Double>.sample([2, 3, 6]), Tensor<Double>.sample([2, 5, 6], seed: 2))
        let value = Tensor<Double>.sample([2, 5, 6], seed: 3)
        let mask = isMasked ? Tensor.visible([5, 2], of: 5) : nil
        let weights = attentionWeights(query: query, key: key, heads: heads, mask: mask)
        let shared = value.reshaped(to: [2, 5, heads, 6 / heads]).permuted([0, 2, 1, 3])
        let found = weights.matmul(shared).permuted([0, 2, 1, 3]).reshaped(to: [2, 3, 6])
        let expected = attention(query: query, key: key, value: value, heads: heads, mask: mask)
        #expect(disagreement(of: found, with: expected, tolerance: 1e-12) == nil)
    }

    /// The same for a layer, with its projections of values and output.
    @Test func outputOfTheLayerFollowsFromItsWeights() {
        let layer = MultiHeadAttention(6, heads: 2)
        let (x, memory) = (Tensor<Float>.sample([2, 3, 6]), Tensor<Float>.sample([2, 5, 6], seed: 2))
        let weights = layer.attentionWeights(x, attendingTo: memory, keyLengths: [5, 3])
        let values = layer.keysAndValues(of: memory).values.reshaped(to: [2, 5, 2, 3]).permuted([0, 2, 1, 3])
        let found = layer.output(weights.matmul(values).permuted([0, 2, 1, 3]).reshaped(to: [2, 3, 6]))
        let expected = layer(x, attendingTo: memory, keyLengths: [5, 3])
        #expect(disagreement(of: found, with: expected, tolerance: 1e-5) == nil)
    }

    @Test func paddingHasNoEffect() {
        let layer = MultiHeadAttention(4, heads: 2)
        let (x, memory) = (Tensor<Float>.sample([2, 3, 4]), Tensor<Float>.sample([2, 5, 4], seed: 2))
        let other = memory.sliced(0..<3, axis: 1).padded(before: 0, after: 2, axis: 1)
        let expected = layer(x, attendingTo: memory.sliced(0..<3, axis: 1))
        for padded in [memory, other] {
            let output = layer(x, attendingTo: padded, keyLengths: [3, 3])
            #expect(disagreement(of: output, with: expected, tolerance: 1e-6) == nil)
        }
        #expect(layer(x, attendingTo: memory, keyLengths: [5, 5]) == layer(x, attendingTo: memory))
    }

    @Test func memoriesWithoutKeysHaveLengthsOfZero() {
        let layer = MultiHeadAttention(4, heads: 2)
        let (x, nothing) = (Tensor<Float>.sample([2, 3, 4]), Tensor<Float>.zeros([2, 0, 4]))
        #expect(layer(x, attendingTo: nothing, keyLengths: [0, 0]) == layer(x, attendingTo: nothing))
    }

    /// Later steps of a decoder do not affect earlier ones.
    @Test func decoderIsCausal() {
        let block = TransformerDecoderBlock(4, heads: 2, hidden: 6)
        let (x, memory) = (Tensor<Float>.sample([1, 5, 4]), Tensor<Float>.sample([1, 3, 4], seed: 2))
        let all = block(x, attendingTo: memory)
        let first = block(x.sliced(0..<2, axis: 1), attendingTo: memory)
        #expect(disagreement(of: all.sliced(0..<2, axis: 1), with: first, tolerance: 1e-5) == nil)
    }

    @Test(arguments: NormPosition.allCases) func stepsEqualTheWholeSequence(norm: NormPosition) {
        let block = TransformerDecoderBlock(4, heads: 2, hidden: 6, norm: norm)
        let (x, memory) = (Tensor<Float>.sample([2, 5, 4]), Tensor<Float>.sample([2, 3, 4], seed: 2))
        let all = block(x, attendingTo: memory, memoryLengths: [3, 2])
        var state = block.start(attendingTo: memory)
        let visible = Tensor<Bool>([true, true, true, true, true, false], shape: [2, 1, 3])
        for step in 0..<5 {
            let y = block.step(x.sliced(step..<step + 1, axis: 1), from: &state, visible: visible)
            #expect(disagreement(of: y, with: all.sliced(step..<step + 1, axis: 1), tolerance: 1e-5) == nil)
        }
        #expect(state.past?.keys.shape == [2, 5, 4])
    }

    /// Section 3.5 of the paper; pairs of sine and cosine have norm 1.
    @Test func sinusoidalPositionsFollowTheFormula() {
        let layer = SinusoidalPositions(6)
        let long = layer(.zeros([1, 40, 6]))
        #expect(long[0, 0, 0] == 0)
        #expect(long[0, 0, 1] == 1)
        #expect(abs(long[0, 1, 0] - 0.841_470_98) < 1e-6)
        #expect(abs(long[0, 39, 2] - 0.9714749) < 1e-6)  // sin(39 / 10000^(1/3))
        #expect(layer(.zeros([1, 7, 6])).scalars == Array(long.scalars.prefix(42)))
        let norms = long.squared().sum(axes: [-1])
        #expect(norms.scalars.allSatisfy { abs($0 - 3) < 1e-5 })
    }

    @Test func positionsMayStartAtAnyStep() {
        let layer = SinusoidalPositions(6)
        #expect(layer(.zeros([1, 4, 6]), from: 3) == layer(.zeros([1, 7, 6])).sliced(3..<7, axis: 1))
    }

    /// Half of the channels encode the row, half the column.
    @Test func positions2DCombineRowAndColumn() {
        let (line, plane) = (SinusoidalPositions(4), SinusoidalPositions2D(8))
        let found = plane(.zeros([2, 3, 5, 8]))
        let (rows, columns) = (line(.zeros([1, 3, 4])).row(0), line(.zeros([1, 5, 4])).row(0))
        for place in indices(of: [2, 3, 5]) {
            let here = found.row(place[0])[place[1], place[2], ...]
            #expect(here == .concatenated([rows.row(place[1]), columns.row(place[2])], axis: 0))
        }
    }

    @Test func learnedPositionsInUseGetAGradient() throws {
        let layer = LearnedPositions(4, 2)
        let gradients = valueAndGradient(of: layer.trainableParameters) { layer(.zeros([3, 2, 2])).sum() }.gradients
        #expect(try #require(gradients[layer.weight]) == [[3, 3], [3, 3], [0, 0], [0, 0]])
    }
}
