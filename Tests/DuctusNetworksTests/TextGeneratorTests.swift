import DuctusNetworks
import DuctusTestSupport
import Testing

/// Properties of every autoregressive network, whatever its weights.
@Suite struct TextGeneratorTests {
    /// A small network with an input and a prefix for each sample.
    struct Case: CustomTestStringConvertible, Sendable {
        let network: any TextGenerator & ConfigurableNetwork
        let input: Tensor<Float>
        let prefix: Tensor<Int32> = [[5, 1, 2, 2, 3], [5, 3, 3, 1, 0], [5, 2, 1, 3, 2]]
        var lengths: [Int] { [network(input).shape[1], 2, 1] }
        var testDescription: String { "\(type(of: network))" }

        /// The network's logits for a prefix.
        func logits(_ prefix: Tensor<Int32>, input: Tensor<Float>? = nil) -> Tensor<Float> {
            network.decoder.logits(network(input ?? self.input), lengths: lengths, prefix: prefix)
        }
    }

    /// Built for every test, because tests change the parameters. There are five classes, so 5 is the start token and 6 the
    /// end token.
    static func cases(dropout: Double = 0) -> [Case] {
        Initialization.seeded(3) {
            let line = Tensor<Float>.sample([3, 28, 44, 1])
            return [
                Case(
                    network: Seq2Seq(
                        .init(
                            classes: 5, filters: [2, 3, 3, 3, 3], hidden: 3, width: 4, embedding: 3, dropout: dropout)),
                    input: line),
                Case(
                    network: LineTransformer(
                        .init(
                            classes: 5, filters: [2, 3, 3, 3, 3], width: 8, layers: 2, heads: 2, hidden: 6,
                            dropout: dropout)),
                    input: line),
                Case(
                    network: LineTransformer(
                        .init(
                            classes: 5, filters: [2, 3, 3, 3, 3], recurrentWidth: 3, recurrentLayers: 1, width: 4,
                            layers: 1, heads: 4, hidden: 6, norm: .after, dropout: dropout)),
                    input: line),
                Case(
                    network: ParagraphTransformer(
                        .init(
                            classes: 5, height: 40, filters: [2, 2, 3, 3], blocks: 1, width: 8, layers: 2, heads: 2,
                            hidden: 6, dropout: dropout)),
                    input: .sample([3, 40, 66, 1])),
            ]
        }
    }

    @Test func parameterCountsFollowTheFormulas() {
        let recurrent = 2 * 4 * 128 * (128 + 128 + 1)
        let convolutions = CRNN(.init(classes: 80)).parameterCount - recurrent - 257 * 80
        let decoder = 82 * 64 + 4 * 256 * (64 + 256 + 256 + 1) + 513 * 256 + 257 * 82
        #expect(
            Seq2Seq(.init(classes: 80)).parameterCount == convolutions + recurrent + 257 * 256 + decoder)
        let blocks = 4 * (2 * 4 * 257 * 256 + 2 * 257 * 256 + 3 * 512)
        #expect(
            LineTransformer(.init(classes: 80)).parameterCount
                == convolutions + 129 * 256 + 82 * 256 + blocks + 512 + 257 * 82)
    }

    /// ResNet-18 of torchvision has 11,689,512 parameters, 513,000 of them in the head, which is left out here, and 6,272
    /// for the second and third color channel. 82 classes and two tokens are the 84 of the original.
    @Test func paragraphTransformerHasTheParametersOfTheOriginal() {
        let resnet = 11_689_512 - 513_000 - 6_272
        let block = 2 * 4 * 257 * 256 + 2 * 257 * 256 + 3 * 512
        let network = ParagraphTransformer(
            .init(classes: 82, filters: [64, 128, 256, 512], norm: .after, dropout: 0.4))
        #expect(network.parameterCount == resnet + 513 * 256 + 84 * 256 + 4 * block + 257 * 84)
        // 576 × 640 pixels: 18 × 20 positions.
        #expect(network.steps(width: 640) == 360)
    }

    @Test(arguments: cases()) func shapesAreConsistent(network: Case) {
        let memory = network.network(network.input)
        #expect(memory.shape[1] == network.network.steps(width: network.input.shape[2]))
        #expect(network.logits(network.prefix).shape == [3, 5, 7])
        #expect(network.network.decoder.start == 5)
        #expect(network.network.decoder.end == 6)
        let summary = network.network.summary()
        #expect(summary.parameters == network.network.parameterCount)
    }

    @Test(arguments: [3, 5, 31, 32, 33, 63, 64, 65, 97], [4, 8, 16, 32])
    func paragraphStepsAreThoseOfTheMemory(width: Int, columnStride: Int) {
        let network = ParagraphTransformer(
            .init(
                classes: 2, height: 33, filters: [1, 1, 1, 1], blocks: 1, columnStride: columnStride, width: 2,
                layers: 1, heads: 1, hidden: 1))
        #expect(network(.zeros([1, 33, width, 1])).shape == [1, network.steps(width: width), 2])
    }

    @Test func summaryIncludesTheDecoder() throws {
        let network = Seq2Seq(.init(classes: 5, filters: [2, 3, 3, 3, 3], hidden: 3, width: 4, embedding: 3))
        let line = try #require(network.summary().lines.first { $0.path == "decoder.recurrent" })
        #expect(line.multiplyAdds == 4 * 4 * (3 + 4 + 4))
        #expect(line.calls == 1)
    }

    /// In training: with dropout and the statistics of the batch.
    @Test(arguments: cases(dropout: 0.2)) func gradientsAreCorrect(network: Case) throws {
        let parameters = network.network.trainableParameters
        let derivative = DirectionalDerivative(of: parameters, step: 1e-3) { network.logits(network.prefix) }
        #expect(derivative.agrees(tolerance: 1e-2), "\(derivative)")
        #expect(derivative.norm > 0)
        let gradients = valueAndGradient(of: parameters) { network.logits(network.prefix).squared().sum() }.gradients
        for (name, parameter) in network.network.namedParameters where parameter.isTrainable {
            #expect(try #require(gradients[parameter], "\(name)").sumOfSquares > 0, "\(name)")
        }
    }

    /// A token affects the logits from its step on, and none before.
    @Test(arguments: cases()) func decodersAreCausal(network: Case) {
        let before = network.logits(network.prefix)
        for step in 1..<5 {
            var prefix = network.prefix
            prefix[0, step] = Tensor((network.prefix[0, step] + 1) % 4)
            let after = network.logits(prefix)
            let (same, others) = (0..<step, 1..<3)
            #expect(after.row(0).sliced(same, axis: 0) == before.row(0).sliced(same, axis: 0))
            #expect(after.sliced(others, axis: 0) == before.sliced(others, axis: 0))
            #expect(after[0, step, ...] != before[0, step, ...])
        }
    }

    /// Logits depend neither on the padding of the memory nor on other samples.
    @Test(arguments: cases()) func paddingHasNoEffect(network: Case) {
        let memory = network.network(network.input)
        let all = network.network.decoder.logits(memory, lengths: network.lengths, prefix: network.prefix)
        for (n, length) in network.lengths.enumerated() {
            let alone = network.network.decoder.logits(
                memory.sliced(n..<n + 1, axis: 0).sliced(0..<length, axis: 1), lengths: nil,
                prefix: network.prefix.sliced(n..<n + 1, axis: 0))
            #expect(disagreement(of: alone, with: all.sliced(n..<n + 1, axis: 0), tolerance: 1e-5) == nil)
        }
        #expect(network.network.memoryLengths(widths: [1000, 1], of: 5) == [5, 1])
    }

    /// Samples are reordered after the second step.
    @Test(arguments: cases()) func stepsEqualTheWholeSequence(network: Case) {
        let decoder = network.network.decoder
        let all = network.logits(network.prefix)
        var state = decoder.start(network.network(network.input), lengths: network.lengths)
        var samples = [0, 1, 2]
        for step in 0..<5 {
            if step == 2 {
                state = state.selecting([2, 0, 2, 1])
                samples = [2, 0, 2, 1]
            }
            let logits = decoder.step(Tensor(samples.map { network.prefix[$0, step] }), &state)
            for (row, sample) in samples.enumerated() {
                #expect(disagreement(of: logits.row(row), with: all[sample, step, ...], tolerance: 1e-5) == nil)
            }
        }
        #expect(state.steps == 5)
    }

    /// Rows are distributions over the unpadded keys and depend only on tokens up to their step.
    @Test(arguments: cases()) func attentionWeightsAreCausalDistributions(network: Case) {
        let memory = network.network(network.input)
        func weights(_ prefix: Tensor<Int32>) -> Tensor<Float> {
            network.network.decoder.attentionWeights(memory, lengths: network.lengths, prefix: prefix)
        }
        let all = weights(network.prefix)
        #expect(all.shape == [3, all.shape[1], 5, memory.shape[1]])
        #expect(all.min().item() >= 0)
        #expect((all.sum(axes: [3]) - 1).magnitude().max().item() < 1e-5)
        for (n, length) in network.lengths.enumerated() {
            #expect(all.row(n).sliced(length..<memory.shape[1], axis: 2).scalars.allSatisfy { $0 == 0 })
        }
        var prefix = network.prefix
        prefix[0, 3] = Tensor((network.prefix[0, 3] + 1) % 4)
        let other = weights(prefix)
        #expect(other.row(0).sliced(0..<3, axis: 1) == all.row(0).sliced(0..<3, axis: 1))
        #expect(other.row(0).sliced(3..<4, axis: 1) != all.row(0).sliced(3..<4, axis: 1))
        #expect(other.sliced(1..<3, axis: 0) == all.sliced(1..<3, axis: 0))

        let text = network.prefix.row(0).scalars.dropFirst()
        let first = memory.sliced(0..<1, axis: 0)
        let generated = network.network.attentionWeights(first, tokens: Array(text))
        #expect(disagreement(of: generated, with: all.row(0), tolerance: 1e-5) == nil)
        #expect(network.network.attentionWeights(first, tokens: []).shape == [all.shape[1], 1, memory.shape[1]])
    }

    @Test(arguments: cases()) func teacherForcingShiftsTheLabels(network: Case) {
        let (inputs, targets) = network.network.teacherForcing(
            [[1, 2, 3], [4, 0, 0], [0, 0, 0]], lengths: [3, 1, 0])
        #expect(inputs == [[5, 1, 2, 3], [5, 4, 0, 0], [5, 0, 0, 0]])
        #expect(targets == [[1, 2, 3, 6], [4, 6, -1, -1], [6, -1, -1, -1]])
        let none = network.network.teacherForcing(Tensor<Int32>([], shape: [2, 0]), lengths: [0, 0])
        #expect(none.inputs == [[5], [5]])
        #expect(none.targets == [[6], [6]])
    }

    /// The paper's formulas, written out with plain products.
    @Test func recurrentDecoderFollowsThePaper() {
        let decoder = Initialization.seeded(4) { RecurrentDecoder(tokens: 6, embedding: 2, channels: 3, dropout: 0) }
        let memory = Tensor<Float>.sample([1, 4, 3])
        let prefix: [Int32] = [4, 1, 3]
        let logits = decoder.logits(memory, lengths: [3], prefix: Tensor(prefix, shape: [1, 3]))
        let allWeights = decoder.attentionWeights(memory, lengths: [3], prefix: Tensor(prefix, shape: [1, 3]))
        var attended = Tensor<Float>.zeros([1, 3])
        var inputs: [Tensor<Float>] = []
        for (step, token) in prefix.enumerated() {
            inputs.append(
                .concatenated(
                    [decoder.embedding.weight.stored.row(Int(token)).expandingShape(at: 0), attended], axis: 1))
            // The whole sequence, with the recurrence of the layer.
            let output = decoder.recurrent(.stacked(inputs, axis: 1))[0, step, ...].expandingShape(at: 0)
            let keys = memory.row(0).sliced(0..<3, axis: 0)
            let weights = (output.matmul(keys.transposed()) * (1 / Float(3).squareRoot())).softmax()
            let found = allWeights.row(0).row(0).row(step).sliced(0..<3, axis: 0)
            #expect(disagreement(of: found, with: weights.row(0), tolerance: 1e-5) == nil)
            attended = decoder.combine(.concatenated([weights.matmul(keys), output], axis: 1)).tanh()
            #expect(disagreement(of: logits[0, step, ...], with: decoder.head(attended).row(0), tolerance: 1e-5) == nil)
        }
    }

    @Test func problemsNameTheirKey() {
        #expect(LineTransformer.Configuration(classes: 5, width: 6, heads: 4).problem?.contains("\"heads\"") == true)
        #expect(LineTransformer.Configuration(classes: 5, heads: 0).problem?.contains("\"heads\"") == true)
        #expect(Seq2Seq.Configuration(classes: 5, width: 0).problem?.contains("\"width\"") == true)
        #expect(Seq2Seq.Configuration(classes: 5, filters: [1]).problem?.contains("\"filters\"") == true)
        #expect(
            ParagraphTransformer.Configuration(classes: 5, width: 9, heads: 3).problem
                == "key \"width\" is 9; it must be even")
        #expect(ParagraphTransformer.Configuration(classes: 5, dropout: 1).problem?.contains("\"dropout\"") == true)
    }
}
