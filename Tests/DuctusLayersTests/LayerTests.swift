import DuctusLayers
import DuctusTestSupport
import Testing

/// Layers in properties, arrays and optionals, as in architectures.
private struct Nested: Layer {
    let features = Sequential {
        Conv2D(1, 2, activation: .relu)
        MaxPool2D(2)
        Flatten()
        Dense(8, 3, activation: .tanh)
    }
    let norms: [BatchNorm?] = [nil, BatchNorm(3)]
    let head: Dense? = Dense(3, 2)
    let absent: Dense? = nil

    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        let normal = norms.reduce(features(x)) { value, norm in norm?(value) ?? value }
        return head?(normal) ?? normal
    }
}

@Suite struct LayerTests {
    /// A layer, its input and output shapes and the names of its parameters.
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let input: Shape
        let output: Shape
        let parameters: [String]
        let make: @Sendable () -> any Layer

        init(
            _ name: String, _ input: Shape, _ output: Shape, _ parameters: [String],
            _ make: @escaping @Sendable () -> any Layer
        ) {
            (testDescription, self.input, self.output) = (name, input, output)
            (self.parameters, self.make) = (parameters, make)
        }
    }

    static let dense = [
        Case("Dense", [3, 6], [3, 4], ["weight", "bias"]) { Dense(6, 4) },
        Case("Dense with tanh on a sequence", [2, 5, 6], [2, 5, 4], ["weight", "bias"]) {
            Dense(6, 4, activation: .tanh)
        },
        Case("Dense with GELU", [5, 6], [5, 4], ["weight", "bias"]) { Dense(6, 4, activation: .gelu) },
        Case("Dense with ReLU, without bias", [5, 6], [5, 4], ["weight"]) {
            Dense(6, 4, activation: .relu, bias: false)
        },
    ]
    static let images = [
        Case("Conv2D", [2, 5, 6, 2], [2, 3, 4, 3], ["weight", "bias"]) { Conv2D(2, 3, activation: .relu) },
        Case("Conv2D, same, strided", [2, 7, 6, 2], [2, 4, 6, 3], ["weight", "bias"]) {
            Conv2D(2, 3, kernelSize: IntPair(3, 2), stride: IntPair(2, 1), padding: .same, activation: .sigmoid)
        },
        Case("Conv2D, dilated, without bias", [2, 7, 6, 2], [2, 3, 2, 3], ["weight"]) {
            Conv2D(2, 3, dilation: 2, bias: false)
        },
        Case("Conv2D with GELU", [2, 5, 6, 2], [2, 3, 4, 3], ["weight", "bias"]) { Conv2D(2, 3, activation: .gelu) },
        Case("Conv2D 1 × 1", [1, 4, 3, 2], [1, 4, 3, 5], ["weight", "bias"]) { Conv2D(2, 5, kernelSize: 1) },
        Case("ConvTranspose2D", [2, 3, 4, 2], [2, 6, 8, 3], ["weight", "bias"]) { ConvTranspose2D(2, 3) },
        Case("ConvTranspose2D, overlapping, without bias", [2, 3, 4, 2], [2, 6, 4, 3], ["weight"]) {
            ConvTranspose2D(
                2, 3, kernelSize: 3, stride: IntPair(2, 1), padding: .same, activation: .tanh, bias: false)
        },
        Case("MaxPool2D", [2, 5, 6, 3], [2, 2, 3, 3], []) { MaxPool2D(2) },
        Case("MaxPool2D, overlapping", [2, 5, 6, 3], [2, 3, 5, 3], []) { MaxPool2D(IntPair(3, 2), stride: 1) },
    ]
    static let sizes = [
        Case("AveragePool2D", [2, 5, 6, 3], [2, 2, 3, 3], []) { AveragePool2D(2) },
        Case("AveragePool2D, overlapping", [2, 5, 6, 3], [2, 3, 5, 3], []) { AveragePool2D(IntPair(3, 2), stride: 1) },
        Case("GlobalAveragePool2D", [2, 5, 6, 3], [2, 3], []) { GlobalAveragePool2D() },
        Case("GlobalMaxPool2D", [2, 5, 6, 3], [2, 3], []) { GlobalMaxPool2D() },
        Case("Upsampling2D", [2, 3, 4, 2], [2, 6, 12, 2], []) { Upsampling2D(IntPair(2, 3)) },
        Case("Upsampling2D, bilinear", [2, 3, 4, 2], [2, 6, 8, 2], []) { Upsampling2D(2, .bilinear) },
        Case("Upsampling2D, corners aligned", [2, 3, 4, 2], [2, 6, 8, 2], []) { Upsampling2D(2, .bilinearAligned) },
        Case("Upsampling2D to a size", [2, 3, 4, 2], [2, 5, 3, 2], []) { Upsampling2D(to: IntPair(5, 3), .bilinear) },
    ]
    static let statistics = ["scale", "shift", "runningMean", "runningVariance"]
    static let gated = ["inputWeight", "recurrentWeight", "bias", "candidateBias"]
    static let affine = ["weight", "bias"]
    static let attention = ["projection", "output"].flatMap { layer in affine.map { "\(layer).\($0)" } }
    static let feedForward = ["inner", "outer"].flatMap { layer in affine.map { "\(layer).\($0)" } }
    static let encoder =
        attention.map { "attention." + $0 } + ["scale", "shift"].map { "attentionNorm." + $0 }
        + feedForward.map { "feedForward." + $0 } + ["scale", "shift"].map { "feedForwardNorm." + $0 }
    static let others = [
        Case("BatchNorm of features", [5, 4], [5, 4], statistics) { BatchNorm(4) },
        Case("BatchNorm of images", [2, 3, 3, 4], [2, 3, 3, 4], statistics) { BatchNorm(4) },
        Case("BatchNorm with ReLU", [2, 3, 3, 4], [2, 3, 3, 4], statistics) { BatchNorm(4, activation: .relu) },
        Case("Dropout", [4, 6], [4, 6], []) { Dropout(0.5) },
        Case("Flatten", [2, 3, 4, 2], [2, 24], []) { Flatten() },
        Case("LSTM", [2, 5, 3], [2, 5, 4], ["inputWeight", "recurrentWeight", "bias"].map { "forward." + $0 }) {
            LSTM(3, 4)
        },
        Case(
            "LSTM, bidirectional", [2, 5, 3], [2, 5, 8],
            ["forward", "backward"].flatMap { direction in
                ["inputWeight", "recurrentWeight", "bias"].map { "\(direction).\($0)" }
            }
        ) { LSTM(3, 4, bidirectional: true) },
        Case("LayerNorm", [2, 5, 6], [2, 5, 6], ["scale", "shift"]) { LayerNorm(6) },
        Case("GRU", [2, 5, 3], [2, 5, 4], gated.map { "forward." + $0 }) { GRU(3, 4) },
        Case(
            "GRU, bidirectional", [2, 5, 3], [2, 5, 8],
            ["forward", "backward"].flatMap { direction in gated.map { "\(direction).\($0)" } }
        ) { GRU(3, 4, bidirectional: true) },
        Case(
            "MultiHeadAttention", [2, 5, 6], [2, 5, 6],
            ["projection.weight", "projection.bias", "output.weight", "output.bias"]
        ) { MultiHeadAttention(6, heads: 2) },
        Case(
            "MultiHeadAttention, causal, without bias", [2, 4, 4], [2, 4, 4], ["projection.weight", "output.weight"]
        ) {
            MultiHeadAttention(4, heads: 1, causal: true, bias: false)
        },
        Case("GroupNorm", [2, 3, 3, 6], [2, 3, 3, 6], ["scale", "shift"]) { GroupNorm(6, groups: 2) },
        Case("GroupNorm with tanh", [2, 5, 4], [2, 5, 4], ["scale", "shift"]) {
            GroupNorm(4, groups: 4, activation: .tanh)
        },
        Case("SinusoidalPositions", [2, 5, 6], [2, 5, 6], []) { SinusoidalPositions(6) },
        Case("LearnedPositions", [2, 5, 6], [2, 5, 6], ["weight"]) { LearnedPositions(8, 6) },
        Case("FeedForward", [2, 5, 6], [2, 5, 6], feedForward) { FeedForward(6, hidden: 9) },
        Case("TransformerEncoderBlock", [2, 5, 6], [2, 5, 6], encoder) {
            TransformerEncoderBlock(6, heads: 2, hidden: 9, dropout: 0.1)
        },
        Case("TransformerEncoderBlock, post-norm", [2, 5, 6], [2, 5, 6], encoder) {
            TransformerEncoderBlock(6, heads: 3, hidden: 9, activation: .tanh, norm: .after, causal: true)
        },
        Case("TimeDistributed", [2, 3, 6], [2, 3, 4], ["layer.weight", "layer.bias"]) {
            TimeDistributed(Dense(6, 4))
        },
        Case("SlidingWindows", [2, 3, 8, 2], [2, 3, 3, 4, 2], []) { SlidingWindows(4, stride: 2) },
        Case("SlidingWindows side by side", [1, 2, 6, 1], [1, 3, 2, 2, 1], []) { SlidingWindows(2, stride: 2) },
        Case("SlidingWindows of the whole image", [2, 3, 5, 1], [2, 1, 3, 5, 1], []) { SlidingWindows(5, stride: 9) },
        Case("TimeDistributed images", [2, 3, 4, 4, 1], [2, 3, 8], ["layer.0.weight", "layer.0.bias"]) {
            TimeDistributed(
                Sequential {
                    Conv2D(1, 2)
                    Flatten()
                })
        },
    ]
    static let compositions = [
        Case(
            "Sequential with for and if", [4, 6], [4, 2],
            ["0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias"]
        ) {
            let (drops, normalizes) = (true, false)
            return Sequential {
                for width in [6, 5] {
                    Dense(width, width - 1, activation: .tanh)
                    if drops { Dropout(0.1) }
                }
                if normalizes { BatchNorm(4) } else { Dense(4, 2) }
            }
        },
        Case(
            "nested", [6, 6, 6, 1], [6, 2],
            ["features.0.weight", "features.0.bias", "features.3.weight", "features.3.bias"]
                + statistics.map { "norms.1.\($0)" } + ["head.weight", "head.bias"]
        ) { Nested() },
        Case(
            "Residual, with a projection", [2, 5, 5, 2], [2, 3, 3, 3],
            ["body.0.weight", "body.2.weight", "body.2.bias", "projection.weight", "projection.bias"]
        ) {
            Residual(projection: Conv2D(2, 3, kernelSize: 1, stride: 2), activation: .tanh) {
                Conv2D(2, 2, padding: .same, bias: false)
                Activate(.gelu)
                Conv2D(2, 3, stride: 2, padding: .same)
            }
        },
        Case("Residual around one layer", [3, 4], [3, 4], ["body.weight", "body.bias"]) { Residual(Dense(4, 4)) },
        Case("RMSNorm", [3, 4], [3, 4], ["scale"]) { RMSNorm(4) },
        Case("RotaryPositions", [2, 5, 4], [2, 5, 4], []) { RotaryPositions(4) },
        Case("Conv1D", [2, 7, 4], [2, 3, 6], ["weight", "bias"]) { Conv1D(4, 6, stride: 2) },
        Case("causal Conv1D", [2, 7, 4], [2, 7, 6], ["weight"]) {
            Conv1D(4, 6, padding: .causal, dilation: 2, groups: 2, activation: .silu, bias: false)
        },
        Case("Lambda", [3, 4, 2], [3, 8], []) { Lambda("flat") { $0.flattened(from: 1) } },
        Case("an empty Sequential", [2, 3], [2, 3], []) { Sequential([]) },
    ]

    static let activations =
        Activation.allCases.map { activation in
            Case("Activate \(activation)", [3, 4], [3, 4], []) { Activate(activation) }
        } + [
            Case("Softmax", [3, 4], [3, 4], []) { Softmax() },
            Case("Softmax along the first axis", [3, 4], [3, 4], []) { Softmax(axis: 0) },
            Case("LogSoftmax", [2, 3, 4], [2, 3, 4], []) { LogSoftmax() },
        ]

    @Test(arguments: dense + images + sizes + others + compositions + activations)
    func meetsTheRequirementsOfLayers(layer: Case) throws {
        try checkLayer(input: layer.input, output: layer.output, parameters: layer.parameters, layer.make)
    }

    @Test func softmaxNormalizesItsAxis() {
        let x = Tensor<Float>.sample([3, 4])
        #expect(Softmax()(x) == x.softmax())
        #expect(Softmax(axis: 0)(x) == x.softmax(axis: 0))
        #expect(LogSoftmax(axis: 0)(x) == x.logSoftmax(axis: 0))
    }

    @Test func parameterCountIsThatOfTrainableParameters() {
        #expect(Nested().parameterCount == 9 * 2 + 2 + 8 * 3 + 3 + 2 * 3 + 3 * 2 + 2)
    }

    /// Loading from an archive that does not match leaves the layer unchanged and names the parameter.
    @Test func loadingIsAllOrNothing() throws {
        var archive = TensorArchive()
        archive.set("weight", to: Tensor<Float>.ones([6, 4]))
        let dense = Dense(6, 4)
        let weight = dense.weight.stored
        let missing = #expect(throws: ArchiveError.self) { try dense.load(from: archive) }
        #expect(missing?.description.contains("\"bias\"") == true)
        archive.set("bias", to: Tensor<Float>.ones([5]))
        let misfit = #expect(throws: ArchiveError.self) { try dense.load(from: archive) }
        #expect(misfit?.description.contains("\"bias\" has shape [5]; this network needs [4].") == true)
        #expect(dense.weight.stored == weight)
    }

    @Test(arguments: [GroupNorm(2, groups: 1), LayerNorm(2), Dense(2, 3)] as [any Layer])
    func emptyBatchesHaveGradients(layer: any Layer) {
        let parameters = layer.namedParameters.map(\.parameter)
        let gradients = valueAndGradient(of: parameters) { layer(.zeros([0, 2])).sum() }.gradients
        for parameter in parameters { #expect(gradients[parameter] == .zeros(parameter.shape)) }
    }
}
