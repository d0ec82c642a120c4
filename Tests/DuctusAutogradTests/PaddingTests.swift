import DuctusAutograd
import DuctusTestSupport
import Testing

/// Operations that know where samples of different widths end.
@Suite struct PaddingTests {
    private let widths = [5, 0, 3]
    private let images = Tensor<Float>.sample([3, 2, 5, 4])
    private let scale = Tensor<Float>.sample([4], seed: 2)
    private let shift = Tensor<Float>.sample([4], seed: 3)

    /// The pixels of all images that are not padding, `[pixels, channels]`.
    private func pixels(_ images: Tensor<Float>) -> Tensor<Float> {
        .concatenated(
            widths.enumerated().map { n, width in
                images.sliced(n..<n + 1, axis: 0).sliced(0..<width, axis: 2).reshaped(to: [-1, 4])
            }, axis: 0)
    }

    @Test(arguments: [Activation.identity, .relu, .gelu])
    func batchNormalizationLeavesPaddingOut(activation: Activation) {
        let (output, mean, variance) = batchNormalization(
            images, scale: scale, shift: shift, widths: widths, activation: activation)
        let alone = batchNormalization(pixels(images), scale: scale, shift: shift, activation: activation)
        #expect(disagreement(of: pixels(output), with: alone.output, tolerance: 1e-6) == nil)
        #expect(zip(mean, alone.mean).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(zip(variance, alone.variance).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(output == output.cleared(from: widths))
    }

    @Test(arguments: [Activation.identity, .relu]) func gradientsLeavePaddingOut(activation: Activation) {
        let gradients = valueAndGradient(at: [images, scale, shift]) {
            (batchNormalization($0[0], scale: $0[1], shift: $0[2], widths: widths, activation: activation).output
                * Tensor.sample(images.shape, seed: 4)).sum()
        }.gradients
        let upstream = pixels(.sample(images.shape, seed: 4))
        let alone = valueAndGradient(at: [pixels(images), scale, shift]) {
            (batchNormalization($0[0], scale: $0[1], shift: $0[2], activation: activation).output * upstream).sum()
        }.gradients
        #expect(disagreement(of: pixels(gradients[0]), with: alone[0], tolerance: 1e-5) == nil)
        #expect(disagreement(of: gradients[1], with: alone[1], tolerance: 1e-5) == nil)
        #expect(disagreement(of: gradients[2], with: alone[2], tolerance: 1e-5) == nil)
        #expect(gradients[0] == gradients[0].cleared(from: widths))
    }

    @Test func fullWidthsAreNone() {
        let full = batchNormalization(images, scale: scale, shift: shift, widths: [5, 5, 5])
        #expect(full.output == batchNormalization(images, scale: scale, shift: shift).output)
    }

    @Test func aBatchOfPaddingHasNoStatistics() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = batchNormalization(Tensor<Float>.zeros([2, 2, 5, 1]), scale: [1], shift: [0], widths: [0, 0])
        }
        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(message.contains("batchNormalization: input is [2, 2, 5, 1], with widths [0, 0]"))
    }

    @Test func clearingZeroesWhatIsRightOfTheWidths() {
        let cleared = images.cleared(from: widths)
        for index in indices(of: images.shape) {
            let (n, row, column, channel) = (index[0], index[1], index[2], index[3])
            let expected = column < widths[n] ? images[n, row, column, channel] : 0
            #expect(cleared[n, row, column, channel] == expected)
        }
        #expect(images == .sample([3, 2, 5, 4]))
    }

    /// Layers before may have left anything in the padding, even what zero times is not zero.
    @Test func recurrentLayersDoNotReadThePadding() {
        let lengths = [2, 0, 4]
        let x = Tensor<Float>.sample([3, 4, 2])
        var stained = x
        for (sample, length) in lengths.enumerated() where length < 4 {
            stained[sample, length...] = Tensor(repeating: .nan, shape: [4 - length, 2])
        }
        let lstmShapes: [Shape] = [[2, 12], [3, 12], [12]]
        let gruShapes: [Shape] = [[2, 9], [3, 9], [9], [3]]
        func results(_ x: Tensor<Float>) -> [Tensor<Float>] {
            let lstm = valueAndPullback(at: [x] + lstmShapes.map { .sample($0) }) {
                let weights = LSTMWeights(input: $0[1], recurrent: $0[2], bias: $0[3])
                return DuctusAutograd.lstm($0[0], forward: weights, backward: weights, lengths: lengths)
            }
            let gru = valueAndPullback(at: [x] + gruShapes.map { .sample($0) }) {
                let weights = GRUWeights(input: $0[1], recurrent: $0[2], bias: $0[3], candidateBias: $0[4])
                return DuctusAutograd.gru($0[0], forward: weights, backward: weights, lengths: lengths)
            }
            return [lstm, gru].flatMap { [$0.value] + $0.pullback(.sample([3, 4, 6])) }
        }
        #expect(results(stained) == results(x))
    }

    @Test func clearingStopsGradients() {
        let gradient = valueAndGradient(at: [images]) { ($0[0].cleared(from: widths) * images).sum() }.gradients[0]
        #expect(gradient == images.cleared(from: widths))
    }
}
