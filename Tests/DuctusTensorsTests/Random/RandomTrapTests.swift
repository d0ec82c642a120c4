import DuctusTensors
import Testing

/// Impossible distributions trap with a message.
@Suite struct RandomTrapTests {
    static func message(_ result: ExitTest.Result?) -> String {
        String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }

    @Test func integersRequireANonemptyRange() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var random = RandomStream(seed: 0)
            _ = Tensor<Int32>.integers([3], in: 5..<5, using: &random)
        }
        #expect(Self.message(result).contains("integers needs a nonempty range; got 5..<5."))
    }

    @Test func uniformRequiresARangeOfFiniteLength() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var random = RandomStream(seed: 0)
            _ = Tensor<Double>.uniform([3], from: -1e308, to: 1e308, using: &random)
        }
        #expect(Self.message(result).contains("uniform needs a range of finite length; got -1e+308 to 1e+308."))
    }

    @Test func probabilitiesMustBeFromZeroToOne() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var random = RandomStream(seed: 0)
            _ = Tensor<Bool>.bernoulli([0.5, 1.5] as Tensor<Float>, using: &random)
        }
        #expect(Self.message(result).contains("Probabilities must be from 0 to 1; got 1.5."))
    }

    @Test func categoricalRequiresProbabilities() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var random = RandomStream(seed: 0)
            _ = Tensor<Int32>.categorical(probabilities: [[0, 1], [0, 0]] as Tensor<Float>, using: &random)
        }
        #expect(
            Self.message(result).contains(
                "row 1 of the probabilities has a negative, infinite or NaN element, or none above 0"))
    }

    @Test func logitsMustBeNumbers() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var random = RandomStream(seed: 0)
            _ = Tensor<Int32>.categorical(logits: Tensor<Double>([1, .nan]), using: &random)
        }
        #expect(Self.message(result).contains("row 0 of the logits"))
    }

    @Test func deviationsMustNotBeNegative() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var random = RandomStream(seed: 0)
            _ = Tensor<Float>.normal([3], standardDeviation: -1, using: &random)
        }
        #expect(Self.message(result).contains("The standard deviation must not be negative; got -1.0."))
    }
}
