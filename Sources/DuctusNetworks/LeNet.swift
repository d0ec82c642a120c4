/// A small character classifier after LeNet-5 (LeCun et al. 1998): two 3 × 3 convolutions, max pooling and two dense
/// layers.
///
/// ```swift
/// let network = LeNet(.init(classes: 10))
/// network(Tensor.zeros([64, 28, 28, 1])).shape               // [64, 10]
/// ```
public struct LeNet: ConfigurableNetwork {
    public struct Configuration: NetworkConfiguration {
        /// The number of classes.
        public var classes: Int
        /// The side of the square images.
        public var side: Int
        /// Output channels of the two convolutions.
        public var filters: [Int]
        /// Output features of the hidden dense layer.
        public var width: Int
        /// The dropout rate before each dense layer.
        public var dropout: Double
        /// Whether the convolutions pad to keep the size; otherwise each reduces height and width by two pixels.
        public var keepsSize: Bool

        /// Values are checked when a network is built; ``problem`` checks them without trapping.
        public init(
            classes: Int, side: Int = 28, filters: [Int] = [32, 64], width: Int = 128, dropout: Double = 0.2,
            keepsSize: Bool = false
        ) {
            (self.classes, self.side, self.filters) = (classes, side, filters)
            (self.width, self.dropout, self.keepsSize) = (width, dropout, keepsSize)
        }

        public static func defaults(classes: Int) -> Self { Self(classes: classes) }

        public var problem: String? {
            problem("classes", classes, in: 1...65_536) ?? problem("side", side, in: 6...256)
                ?? (filters.count == 2 ? nil : "key \"filters\" has \(filters.count) numbers; it must have 2")
                ?? problem("filters", filters, in: 1...512) ?? problem("width", width, in: 1...4096)
                ?? dropoutProblem(dropout)
        }
    }

    public static let name = "lenet"
    public let configuration: Configuration
    package let conv1: Conv2D
    package let conv2: Conv2D
    package let dense1: Dense
    package let dense2: Dense
    private let pool = MaxPool2D(2)
    private let dropout: Dropout

    public init(_ configuration: Configuration) {
        configuration.check()
        self.configuration = configuration
        let (first, second) = (configuration.filters[0], configuration.filters[1])
        let side = (configuration.side - (configuration.keepsSize ? 0 : 4)) / 2
        let padding: Padding = configuration.keepsSize ? .same : .valid
        conv1 = Conv2D(1, first, padding: padding, activation: .relu)
        conv2 = Conv2D(first, second, padding: padding, activation: .relu)
        dense1 = Dense(side * side * second, configuration.width, activation: .relu)
        dense2 = Dense(configuration.width, configuration.classes)
        dropout = Dropout(configuration.dropout)
    }

    public var exampleInput: Shape { [1, configuration.side, configuration.side, 1] }

    /// `[batch, side, side, 1]` → logits `[batch, classes]`
    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        let features = dropout(pool(conv2(conv1(x)))).flattened(from: 1)
        return dense2(dropout(dense1(features)))
    }
}
