import DuctusLayers
import DuctusTestSupport
import Testing

@Suite struct ProfileTests {
    /// A layer that does not know its place.
    private struct Scale: Layer {
        let factor = Parameter(.ones([1]))
        func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { x * factor.value }
    }

    private struct Small: Network {
        let features = Sequential {
            Conv2D(1, 4, activation: .relu)
            BatchNorm(4)
            MaxPool2D(2)
        }
        let scale = Scale()
        let head = Dense(36, 5)
        func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { head((scale(features(x)) + 1).flattened(from: 1)) }
    }

    private let network = Small()
    private let images = Tensor<Float>.ones([2, 8, 8, 1])
    private let labels: Tensor<Int32> = [1, 3]

    private func step() -> Profile {
        Profile.measuring(network) {
            _ = valueAndGradient(of: network) { softmaxCrossEntropy($0(images), labels) }
        }
    }

    @Test func trainingStepListsItsOperationsWithTheirLayers() {
        let calls = step().calls
        #expect(
            calls.map { "\($0.path): \($0.operation)" } == [
                "features.0: convolution2D", "features.1: batchNormalization", "features.2: maxPool2D", "scale: *",
                ": +", ": reshaped", "head: dense", ": softmaxCrossEntropy",
            ])
        #expect(
            calls.map(\.parameters) == [
                ["features.0.weight", "features.0.bias"], ["features.1.scale", "features.1.shift"], [],
                ["scale.factor"], [], [], ["head.weight", "head.bias"], [],
            ])
    }

    @Test func inferenceListsTheSameOperationsOfTheNetwork() {
        let calls = Profile.measuring(network) { _ = network(images) }.calls
        #expect(
            calls.map(\.operation) == [
                "convolution2D", "batchNormalization", "maxPool2D", "*", "+", "reshaped", "dense",
            ])
        #expect(calls.allSatisfy { $0.cost.backwardSeconds == 0 })
        #expect(calls.allSatisfy { $0.cost.backwardBytes == 0 })
    }

    @Test func operationsSayShapesAndSettings() {
        let call = step().calls[0]
        #expect(call.inputs == [[2, 8, 8, 1], [3, 3, 1, 4], [4]])
        #expect(call.output == [2, 6, 6, 4])
        #expect(
            call.attributes == [
                "kernel": "3 × 3", "stride": "1 × 1", "dilation": "1 × 1", "padding": "0 0 0 0", "activation": "relu",
            ])
    }

    @Test func bytesAreThoseOfOutputsAndGradients() {
        let lines = step().lines
        #expect(lines.map(\.cost.forwardBytes) == [1152, 1152, 288, 288, 288, 0, 40, 4])
        // Those of the parameters and of all inputs but the images.
        #expect(lines.map(\.cost.backwardBytes) == [160, 1184, 1152, 292, 292, 288, 1028, 40])
        #expect(lines.map(\.cost.multiplyAdds) == [2592, 0, 0, 0, 0, 0, 360, 0])
    }

    @Test func partsAreNoMoreThanTheWhole() {
        let profile = step()
        let lines = profile.lines.map(\.cost.seconds)
        #expect(lines.allSatisfy { $0 > 0 })
        #expect(abs(lines.reduce(0, +) - profile.cost.seconds) < 1e-9)
        #expect(profile.cost.seconds <= profile.seconds)
        #expect(profile.lines[0].cost.backwardSeconds > 0)
        let features = profile.cost(of: "features")
        #expect(features.forwardBytes == 1152 + 1152 + 288)
        #expect(features.seconds <= profile.cost(of: "").seconds + profile.seconds)
        #expect(features.multiplyAdds == 2592)
    }

    @Test func callsOfALayerShareALine() {
        let profile = Profile.measuring(network) { for _ in 0..<3 { _ = network(images) } }
        #expect(profile.lines.map(\.calls) == Array(repeating: 3, count: 7))
        #expect(profile.calls.count == 21)
        #expect(profile.lines[0].cost.forwardBytes == 3 * 1152)
    }

    @Test func nothingIsListedOutside() {
        let profile = Profile.measuring(network) {}
        _ = step()
        #expect(profile.calls.isEmpty)
        #expect(profile.lines.isEmpty)
    }

    /// Recurrence, attention and gradients that record are made of other operations.
    @Test func partsOfOperationsAreNotListed() {
        let (lstm, attention) = (LSTM(3, 4), MultiHeadAttention(4, heads: 2))
        let x = Tensor<Float>.ones([2, 5, 3])
        let profile = Profile.measuring {
            _ = valueAndGradient(of: lstm.trainableParameters + attention.trainableParameters) {
                attention(lstm(x)).squared().sum()
            }
        }
        #expect(
            profile.calls.map(\.operation) == ["lstm", "dense", "selfAttention", "dense", "squared", "sum", "reshaped"])
        #expect(profile.calls[0].cost.multiplyAdds == 2 * 5 * (3 * 16 + 4 * 16))
        #expect(profile.calls.dropLast().allSatisfy { $0.cost.backwardSeconds > 0 })
        let norm = BatchNorm(3)
        let fixed = Profile.measuring { _ = valueAndGradient(at: [x]) { norm($0[0]).sum() } }
        #expect(fixed.calls.map(\.operation) == ["batchNormalization", "sum", "reshaped"])
        #expect(fixed.calls[0].cost.backwardBytes == (30 + 3 + 3) * 4)
    }

    @Test func operationsWithParametersOfSeveralLayersBelongToTheOneAround() {
        struct Pair: Network {
            let recurrent = LSTM(3, 4, bidirectional: true)
            func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { recurrent(x) }
        }
        let pair = Pair()
        let profile = Profile.measuring(pair) { _ = pair(Tensor.ones([1, 2, 3])) }
        #expect(profile.calls.map(\.path) == ["recurrent"])
        #expect(profile.calls[0].parameters.count == 6)
    }

    @Test func operationsOfOnesOwnAreNamedAfterTheirFunctions() {
        func doubled(_ x: Tensor<Float>) -> Tensor<Float> {
            Tensor(x.scalars.map { 2 * $0 }).recorded(from: x) { $0 * 2 }
        }
        let x: Tensor<Float> = [1, 2]
        let profile = Profile.measuring { _ = valueAndGradient(at: [x]) { doubled($0[0]).sum() } }
        #expect(profile.calls.map(\.operation) == ["doubled", "sum", "reshaped"])
        #expect(profile.calls[0].cost.backwardBytes == 8)
    }

    @Test func resultsAreThoseWithoutAProfile() {
        let plain = valueAndGradient(of: network.trainableParameters) { softmaxCrossEntropy(network(images), labels) }
        var measured = plain
        _ = Profile.measuring(network) {
            measured = valueAndGradient(of: network.trainableParameters) {
                softmaxCrossEntropy(network(images), labels)
            }
        }
        #expect(measured.value.scalars == plain.value.scalars)
        for parameter in network.trainableParameters {
            #expect(measured.gradients[parameter]?.scalars == plain.gradients[parameter]?.scalars)
        }
    }

    @Test func tableListsLinesAndSums() throws {
        let profile = step()
        let rows = profile.description.split(separator: "\n")
        #expect(rows.count == profile.lines.count + 7)
        #expect(rows[0].hasSuffix(" ms"))
        let head = rows[2].split(separator: " ")
        #expect(head == ["layer", "operation", "calls", "forward", "backward", "share", "memory", "multiply-adds"])
        #expect(profile.description.contains("features.0  convolution2D"))
        #expect(rows.last?.contains("between them") == true)
        #expect(
            profile.trace.hasPrefix(
                "features.0 convolution2D, activation relu, dilation 1 × 1, kernel 3 × 3, padding 0 0 0 0, stride 1 × 1: "
                    + "[2, 8, 8, 1], [3, 3, 1, 4], [4] → [2, 6, 6, 4]\n"))
    }

    @Test func profilesAreEncoded() throws {
        let text = try JSONText(encoding: step())
        let members = try #require(text.object)
        #expect(Set(members.keys) == ["seconds", "cost", "lines", "calls"])
        #expect(text.text.contains(#""operation": "softmaxCrossEntropy""#))
    }
}
