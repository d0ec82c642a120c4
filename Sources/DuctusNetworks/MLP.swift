/// A multi-layer perceptron: flattened input, hidden layers with rectifier and dropout, logits.
public struct MLP: ConfigurableNetwork {
    public struct Configuration: NetworkConfiguration {
        public var classes: Int
        public var inputs = 784
        /// Width of every hidden layer.
        public var width = 128
        public var layers = 3
        public var dropout = 0.2

        public init(classes: Int, inputs: Int = 784, width: Int = 128, layers: Int = 3, dropout: Double = 0.2) {
            (self.classes, self.inputs, self.width) = (classes, inputs, width)
            (self.layers, self.dropout) = (layers, dropout)
        }

        public var problem: String? {
            problem("classes", classes, in: 1...65_536) ?? problem("inputs", inputs, in: 1...65_536)
                ?? problem("width", width, in: 1...4096) ?? problem("layers", layers, in: 0...64)
                ?? dropoutProblem(dropout)
        }
    }

    public static let name = "mlp"
    public let configuration: Configuration
    public let hidden: [Dense]
    public let head: Dense
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
