import DuctusAutograd
import DuctusTestSupport
import Testing

@Suite struct SpanMaskTests {
    private let ones = Tensor<Float>.ones([6, 50, 3])
    private let lengths = [50, 40, 11, 3, 1, 0]

    /// What `function` returns in training.
    private func recorded(seed: UInt64 = 1, _ function: () -> Tensor<Float>) -> Tensor<Float> {
        var output = ones
        withTraining(random: RandomStream(seed: seed)) { output = function() }
        return output
    }

    /// The masked steps of each sample; steps are masked with all of their features.
    private func masked(_ output: Tensor<Float>) -> [[Int]] {
        (0..<output.shape[0]).map { n in
            (0..<output.shape[1]).filter { step in
                let features = (0..<output.shape[2]).map { output[n, step, $0].item() }
                #expect(Set(features).count == 1)
                return features[0] == 0
            }
        }
    }

    @Test func restsOutsideOfTraining() { #expect(spanMask(ones, share: 0.5, spans: 4...8) == ones) }

    @Test(arguments: [0.1, 0.2, 0.5]) func masksTheShareOfEveryLength(share: Double) {
        let output = recorded { spanMask(ones, share: share, spans: 4...8, lengths: lengths) }
        let steps = masked(output)
        #expect(steps.map(\.count) == lengths.map { Int((share * Double($0)).rounded()) })
        for (steps, length) in zip(steps, lengths) { #expect(steps.allSatisfy { $0 < length }) }
    }

    @Test func masksSpans() {
        let long = Tensor<Float>.ones([4, 1000, 1])
        for steps in masked(recorded { spanMask(long, share: 0.2, spans: 4...8) }) {
            // Only the last one may be shorter than four steps, and overlapping ones are longer than eight.
            let starts = steps.count { !steps.contains($0 - 1) }
            #expect(starts <= 200 / 4 + 1)
            #expect(starts >= 10)
        }
    }

    @Test func followsItsSeed() {
        func output(seed: UInt64) -> Tensor<Float> {
            recorded(seed: seed) { spanMask(ones, share: 0.3, spans: 2...3) }
        }
        #expect(output(seed: 1) == output(seed: 1))
        #expect(output(seed: 1) != output(seed: 2))
        #expect(masked(output(seed: 1))[0] != masked(output(seed: 1))[1])
    }

    @Test func maskedStepsHaveNoGradient() {
        var output = ones
        let gradient = withTraining(random: RandomStream(seed: 1)) {
            valueAndGradient(at: [ones]) {
                let y = spanMask($0[0], share: 0.2, spans: 4...8)
                output = y.detached()
                return y.sum()
            }.gradients[0]
        }
        #expect(gradient == output)
    }

    @Test func dropoutCanDropWholeChannels() {
        let output = recorded { dropout(Tensor<Float>.ones([8, 20, 30]), rate: 0.5, sharing: [1]) }
        let first = output.sliced(0..<1, axis: 1)
        #expect(output == first.broadcast(to: output.shape))
        #expect(Set(first.scalars) == [0, 2])
    }
}
