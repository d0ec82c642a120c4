import DuctusNetworks
import DuctusTestSupport
import Testing

@Suite struct BeamSearchTests {
    /// A decoder with pseudorandom logits that depend on the memory and all previous tokens.
    struct RandomDecoder: TextDecoder {
        let tokens: Int
        /// Added to the logit of the end token.
        var endBonus: Float = 0

        func start(_ memory: Tensor<Float>, lengths: [Int]?) -> TextDecoderState {
            TextDecoderState(memory: [memory], recent: [memory.sliced(0..<1, axis: 1).squeezingShape(at: 2)])
        }

        func step(_ token: Tensor<Int32>, _ state: inout TextDecoderState) -> Tensor<Float> {
            let tokens = Tensor.concatenated(
                [state.recent[0], Tensor(token.scalars.map { Float($0) }).expandingShape(at: 1)], axis: 1)
            state.recent = [tokens]
            state.steps += 1
            return .stacked(
                (0..<tokens.shape[0]).map { row in
                    let seed = tokens.row(row).scalars.reduce(UInt64(17)) { $0 &* 31 &+ UInt64($1 * 1000) }
                    var logits = Tensor<Float>.sample([self.tokens], seed: seed, scale: 1.5)
                    logits[self.tokens - 1] = Tensor(logits[self.tokens - 1] + endBonus)
                    return logits
                })
        }

        /// Uniform over all keys.
        func attentionWeights(_ memory: Tensor<Float>, lengths: [Int]?, prefix: Tensor<Int32>) -> Tensor<Float> {
            let keys = memory.shape[1]
            return (Tensor<Float>.ones([1]) / Tensor(Float(keys))).broadcast(
                to: [prefix.shape[0], 1, prefix.shape[1], keys])
        }
    }

    private let memory = Tensor<Float>([1, 2, 3, 4, 5], shape: [5, 1, 1])

    /// Greedy decoding that recomputes the whole prefix for every token.
    private func greedy(_ decoder: some TextDecoder, _ memory: Tensor<Float>, _ longest: Int) -> [[Int32]] {
        (0..<memory.shape[0]).map { n in
            var text = [decoder.start]
            while text.count <= longest {
                let logits = decoder.logits(
                    memory.sliced(n..<n + 1, axis: 0), lengths: nil, prefix: Tensor(text, shape: [1, text.count]))
                let next = logits[0, text.count - 1, ...].argmax().item()
                if next == decoder.end { break }
                text.append(next)
            }
            return Array(text.dropFirst())
        }
    }

    @Test(arguments: [0, 1, 4, 30]) func widthOneIsGreedy(longest: Int) {
        let decoder = RandomDecoder(tokens: 9)
        let texts = BeamSearch().texts(decoder, memory, maximumLength: longest)
        #expect(texts.map(\.tokens) == greedy(decoder, memory, longest))
        #expect(texts.allSatisfy { $0.isFinished || $0.tokens.count == longest })
    }

    @Test(arguments: TextGeneratorTests.cases()) func widthOneIsGreedyWithNetworks(network: TextGeneratorTests.Case) {
        let memory = network.network(network.input)
        let texts = BeamSearch().texts(network.network.decoder, memory, maximumLength: 7)
        func greedy(_ decoder: some TextDecoder) -> [[Int32]] { self.greedy(decoder, memory, 7) }
        #expect(texts.map(\.tokens) == greedy(network.network.decoder))
    }

    /// With a beam wide enough to be exhaustive, the search finds the most likely of all texts; with length normalization,
    /// one that is no worse than the greedy one.
    @Test(arguments: [0.0, 1]) func wideBeamsFindTheBestText(lengthPower: Double) {
        let decoder = RandomDecoder(tokens: 4)
        let found = BeamSearch(width: 400, lengthPower: lengthPower).texts(decoder, memory, maximumLength: 3)
        let greedy = BeamSearch().texts(decoder, memory, maximumLength: 3)
        for n in 0..<5 {
            var best = (logProbability: -Double.infinity, tokens: [Int32]())
            func visit(_ tokens: [Int32], _ logProbability: Double) {
                let logits = decoder.logits(
                    memory.sliced(n..<n + 1, axis: 0), lengths: nil,
                    prefix: Tensor([decoder.start] + tokens, shape: [1, tokens.count + 1]))
                for (token, gain) in logits[0, tokens.count, ...].logSoftmax().scalars.enumerated() {
                    let sum = logProbability + Double(gain)
                    if token != 3 && tokens.count < 3 {
                        visit(tokens + [Int32(token)], sum)
                    } else if sum > best.logProbability {
                        best = (sum, tokens)
                    }
                }
            }
            visit([], 0)
            #expect(lengthPower == 1 || found[n].tokens == best.tokens, "sample \(n)")
            #expect(lengthPower == 0 || found[n].confidence >= greedy[n].confidence)
        }
    }

    /// The log-probability of a text is the sum over its tokens and its end.
    @Test(arguments: TextGeneratorTests.cases()) func logProbabilitiesAddUp(network: TextGeneratorTests.Case) {
        let memory = network.network(network.input)
        for (n, text) in BeamSearch(width: 3).texts(network.network, memory).enumerated() where text.isFinished {
            let decoder = network.network.decoder
            let logits = decoder.logits(
                memory.sliced(n..<n + 1, axis: 0), lengths: nil,
                prefix: Tensor([decoder.start] + text.tokens, shape: [1, text.tokens.count + 1]))
            let gains = logits.row(0).logSoftmax()
            let sum = (text.tokens + [decoder.end]).enumerated().reduce(0.0) {
                $0 + Double(gains[$1.offset, Int($1.element)])
            }
            #expect(abs(sum - text.logProbability) < 1e-4)
            #expect(text.confidence > 0)
            #expect(text.confidence <= 1)
        }
    }

    /// Such as those of a network whose training has diverged.
    @Test(arguments: [1, 3]) func logitsThatAreNoNumbersHaveNoConfidence(width: Int) {
        let decoder = RandomDecoder(tokens: 4, endBonus: .nan)
        for text in BeamSearch(width: width).texts(decoder, memory, maximumLength: 5) {
            #expect(text.confidence == 0)
            #expect(text.tokens.isEmpty)
        }
    }

    @Test func samplesOfABatchAreIndependent() {
        let decoder = RandomDecoder(tokens: 6, endBonus: 1)
        let together = BeamSearch(width: 3).texts(decoder, memory, maximumLength: 12)
        for n in 0..<5 {
            let alone = BeamSearch(width: 3)
                .texts(decoder, memory.sliced(n..<n + 1, axis: 0), maximumLength: 12)
            #expect(alone == [together[n]])
        }
        #expect(Set(together.map(\.tokens.count)).count > 1)
    }
}
