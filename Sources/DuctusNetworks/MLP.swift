/// A multilayer perceptron for character classification: flattened images, hidden layers with ReLU and dropout, logits.
///
/// ```swift
/// let network = MLP(.init(classes: 10, width: 256))
/// network(Tensor.zeros([64, 28, 28, 1])).shape               // [64, 10]
/// ```
public struct MLP: ConfigurableNetwork {
    public struct Configuration: NetworkConfiguration {
        /// The number of classes.
        public var classes: Int
        /// Pixels per image; by default 28 × 28.
        public var inputs: Int
        /// Output features of every hidden layer.
        public var width: Int
        /// The number of hidden layers; with none, the network is a linear classifier.
        public var layers: Int
        /// The dropout rate after every hidden layer.
        public var dropout: Double

        /// Values are checked when a network is built; ``problem`` checks them without trapping.
        public init(classes: Int, inputs: Int = 784, width: Int = 128, layers: Int = 3, dropout: Double = 0.2) {
            (self.classes, self.inputs, self.width) = (classes, inputs, width)
            (self.layers, self.dropout) = (layers, dropout)
        }

        public static func defaults(classes: Int) -> Self { Self(classes: classes) }

        public var problem: String? {
            problem("classes", classes, in: 1...65_536) ?? problem("inputs", inputs, in: 1...65_536)
                ?? problem("width", width, in: 1...4096) ?? problem("layers", layers, in: 0...64)
                ?? dropoutProblem(dropout)
        }
    }

    public static let name = "mlp"
    public let configuration: Configuration
    package let hidden: [Dense]
    package let head: Dense
    private let dropout: Dropout

    public init(_ configuration: Configuration) {
        configuration.check()
        self.configuration = configuration
        hidden = (0..<configuration.layers).map {
            Dense($0 == 0 ? configuration.inputs : configuration.width, configuration.width, activation: .relu)
        }
        head = Dense(configuration.layers == 0 ? configuration.inputs : configuration.width, configuration.classes)
        dropout = Dropout(configuration.dropout)
    }

    public var exampleInput: Shape { [1, configuration.inputs] }

    /// `[batch, height, width, 1]` → logits `[batch, classes]`
    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        head(hidden.reduce(x.flattened(from: 1)) { dropout($1($0)) })
    }
}
