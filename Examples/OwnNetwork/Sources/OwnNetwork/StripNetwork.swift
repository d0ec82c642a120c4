import Ductus

/// A custom network: two convolutions, global average pooling, a dense layer.
struct StripNetwork: ConfigurableNetwork {
    /// The configuration; in a file, for example, `{"name": "strip", "filters": 16}`.
    struct Configuration: NetworkConfiguration {
        var classes: Int
        var filters = 8
        static func defaults(classes: Int) -> Self { Self(classes: classes) }
        var problem: String? { problem("filters", filters, in: 1...256) }
    }

    static let name = "strip"
    let configuration: Configuration
    let features: Sequential
    let head: Dense

    init(_ configuration: Configuration) {
        self.configuration = configuration
        features = Sequential {
            Conv2D(1, configuration.filters, activation: .relu)
            Conv2D(configuration.filters, configuration.filters, activation: .relu)
            GlobalAveragePool2D()
        }
        head = Dense(configuration.filters, configuration.classes)
    }

    var exampleInput: Shape { [1, 16, 16, 1] }

    /// `[batch, height, width, 1]` → logits `[batch, classes]`
    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { head(features(x)) }
}
