import DuctusNetworks
import DuctusTestSupport
import Testing

/// The networks of the Full Stack Deep Learning labs and of their PyTorch port at their original sizes, with 80 classes.
///
/// Two kinds of parameters of the originals have no effect and do not exist here: the second bias of PyTorch's LSTM, and
/// biases before batch normalization. `PyTorchWeightsTests` counts the port's converted weights.
@Suite struct OriginalSizeTests {
    struct Original: Sendable, CustomTestStringConvertible {
        let name: String
        let network: any ConfigurableNetwork
        /// The count of the original's framework.
        let parameters: Int
        /// The parameters among them that have no effect.
        var redundant = 0
        /// The shape of one image of the original's size; the example input if `nil`.
        var input: Shape?
        /// Multiply-adds of one forward pass here; `nil` if the original states none.
        var multiplyAdds: Int?

        var testDescription: String { name }
    }

    /// Two convolutions and the dense layer on every window, as in the originals.
    static func perWindow(_ window: Int, count: Int) -> Int {
        count * (26 * (window - 2) * 9 * 32 + 24 * (window - 4) * 9 * 32 * 64 + denseOfWindow(window))
    }
    /// The convolutions on the whole line of 952 columns, and the dense layer on every window.
    static func wholeLine(_ window: Int, count: Int) -> Int {
        26 * 950 * 9 * 32 + 24 * 948 * 9 * 32 * 64 + count * denseOfWindow(window)
    }
    static func denseOfWindow(_ window: Int) -> Int { 12 * ((window - 4) / 2) * 64 * 128 }
    /// LSTM and head.
    static func recurrence(_ count: Int) -> Int { count * ((128 + 128) * 512 + 128 * 80) }

    static func lineLSTM(_ window: Int, _ stride: Int, _ parameters: Int, redundant: Int = 0) -> Original {
        let count = (952 - window) / stride + 1
        return Original(
            name: "line_lstm_ctc, windows of \(window) every \(stride)",
            network: LineLSTM(.init(classes: 80, window: window, stride: stride)), parameters: parameters,
            redundant: redundant, multiplyAdds: wholeLine(window, count: count) + recurrence(count))
    }

    static let all: [Original] = Initialization.omitted {
        [
            Original(name: "mlp", network: MLP(.init(classes: 80)), parameters: 143_824, multiplyAdds: 143_360),
            Original(
                name: "lenet", network: LeNet(.init(classes: 80)), parameters: 1_208_912,
                multiplyAdds: 9 * (26 * 26 * 32 + 24 * 24 * 32 * 64) + 9216 * 128 + 128 * 80),
            Original(
                name: "lenet, same", network: LeNet(.init(classes: 80, keepsSize: true)), parameters: 1_634_896),
            // Keras has one bias, PyTorch two.
            lineLSTM(12, 5, 554_064), lineLSTM(14, 5, 652_880, redundant: 4 * 128), lineLSTM(14, 7, 652_368),
            lineLSTM(28, 14, 1_340_496),
            Original(
                name: "line_cnn_all_conv", network: LineCNN(.init(classes: 80)), parameters: 639_568,
                multiplyAdds: wholeLine(16, count: 118) + 39 * 3 * 128 * 80),
            Original(
                name: "line_cnn_sliding_window", network: SlidingWindowCNN(.init(classes: 80)), parameters: 639_568,
                multiplyAdds: perWindow(16, count: 118) + 39 * 3 * 128 * 80),
            Original(
                name: "line_crnn", network: CRNN(.init(classes: 80)), parameters: 802_256, redundant: 2 * 4 * 128,
                input: [1, 28, 952, 1],
                multiplyAdds: 9 * (28 * 952 * 64 + 14 * 476 * 64 * 128 + (5 * 236 + 3 * 234 + 232) * 128 * 128)
                    + 232 * (2 * (128 + 128) * 512 + 256 * 80)),
            Original(
                name: "fcn, 16 filters", network: FCN(.init(filters: 16)), parameters: 165_795,
                multiplyAdds: 65_536 * (13 * 49 * 256 + 49 * 16 + 16 + 6 * 256 + 48)),
            Original(
                name: "fcn, 8 filters", network: FCN(.init(filters: 8)), parameters: 41_747,
                multiplyAdds: 65_536 * (13 * 49 * 64 + 49 * 8 + 8 + 6 * 64 + 24)),
            Original(
                name: "unet", network: UNet(.init(filters: 64, upsampling: .bilinear)), parameters: 13_394_307,
                redundant: 2 * (64 + 128 + 256 + 512 + 512 + 256 + 128 + 64 + 64), multiplyAdds: 30_853_300_224),
        ]
    }

    @Test(arguments: all) func hasTheParametersOfTheOriginal(original: Original) {
        #expect(original.network.parameterCount == original.parameters - original.redundant)
    }

    /// With a quarter of the original's filters and transposed convolutions instead of interpolation.
    @Test func smallUNetHasTwoMillionParameters() {
        #expect(UNet(.init(filters: 16, depth: 4)).parameterCount == 1_942_323)
    }

    /// Without the largest networks, whose forward passes take seconds.
    @Test(arguments: all.filter { $0.multiplyAdds ?? .max < 3_000_000_000 }) func multiplyAddsAreThoseOfTheFormulas(
        original: Original
    ) {
        let input = original.input ?? original.network.exampleInput
        #expect(original.network.summary(input: input).multiplyAdds == original.multiplyAdds)
    }

    /// The figures of the originals, in millions. They differ from ours only for overlapping windows, where convolutions on
    /// the whole line save a third to a half.
    @Test func multiplyAddsAreThoseOfTheOriginals() throws {
        func millions(_ count: Int) -> Int { Int((Double(count) / 1e6).rounded()) }
        for (window, count, theirs) in [(12, 189, 784), (14, 188, 968), (14, 135, 695), (28, 67, 813)] {
            #expect(millions(Self.perWindow(window, count: count) + Self.recurrence(count)) == theirs)
            #expect(Self.wholeLine(window, count: count) < Self.perWindow(window, count: count))
        }
        for (name, theirs) in [
            ("lenet", 12), ("line_cnn_all_conv", 497), ("line_crnn", 884), ("fcn, 16 filters", 10_840),
            ("fcn, 8 filters", 2_720), ("unet", 30_850),
        ] {
            let ours = try #require(Self.all.first { $0.name == name }?.multiplyAdds)
            #expect(abs(millions(ours) - theirs) <= theirs / 500, "\(name): \(millions(ours))")
        }
    }
}
