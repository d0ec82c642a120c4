/// A line recognizer: convolutions turn the image into a sequence of columns, bidirectional LSTMs process it, and a dense
/// layer computes the CTC logits of every column (after Shi et al. 2017).
///
/// Two convolutions with pooling and three without reduce 28 rows to one, and the columns to `width / 4 − 6`.
///
/// ```swift
/// let network = CRNN(.init(classes: Alphabet.iam.count))
/// network(Tensor.zeros([16, 28, 512, 1])).shape              // [16, 122, 80]
/// let loss = Loss.ctc(blank: Alphabet.iam.blank, steps: network.steps)
/// ```
public struct CRNN: ConfigurableNetwork {
    public struct Configuration: NetworkConfiguration {
        /// The number of characters, plus the blank.
        public var classes: Int
        /// Output channels of the five convolutions.
        public var filters: [Int]
        /// Output features of each LSTM, per direction.
        public var hidden: Int
        /// The number of stacked bidirectional LSTMs; with none, every column is classified by itself.
        public var recurrentLayers: Int
        /// Whether batch normalization follows every convolution, rather than only the third.
        public var normalizesAll: Bool
        /// The dropout rate before each recurrent layer and before the head.
        public var dropout: Double

        /// Values are checked when a network is built; ``problem`` checks them without trapping.
        public init(
            classes: Int, filters: [Int] = [64, 128, 128, 128, 128], hidden: Int = 128, recurrentLayers: Int = 1,
            normalizesAll: Bool = false, dropout: Double = 0
        ) {
            (self.classes, self.filters, self.hidden) = (classes, filters, hidden)
            (self.recurrentLayers, self.normalizesAll, self.dropout) = (recurrentLayers, normalizesAll, dropout)
        }

        public static func defaults(classes: Int) -> Self { Self(classes: classes) }

        public var problem: String? {
            problem("classes", classes, in: 2...65_536)
                ?? (filters.count == 5 ? nil : "key \"filters\" has \(filters.count) numbers; it must have 5")
                ?? problem("filters", filters, in: 1...1024) ?? problem("hidden", hidden, in: 1...2048)
                ?? problem("recurrentLayers", recurrentLayers, in: 0...8) ?? dropoutProblem(dropout)
        }
    }

    public static let name = "crnn"
    /// The height of the images, which the convolutions reduce to one row.
    public static let height = 28
    /// The width of the narrowest image with a step.
    public static let minimumWidth = 28

    public let configuration: Configuration
    package let convolutions: [Conv2D]
    package let normalizations: [BatchNorm?]
    package let recurrent: [LSTM]
    package let head: Dense
    private let pool = MaxPool2D(2)
    private let dropout: Dropout

    public init(_ configuration: Configuration) {
        let filters = configuration.filters
        configuration.check()
        self.configuration = configuration
        convolutions = filters.indices.map {
            Conv2D($0 == 0 ? 1 : filters[$0 - 1], filters[$0], padding: $0 < 2 ? .same : .valid, activation: .relu)
        }
        normalizations = filters.indices.map { configuration.normalizesAll || $0 == 2 ? BatchNorm(filters[$0]) : nil }
        recurrent = (0..<configuration.recurrentLayers).map {
            LSTM($0 == 0 ? filters[4] : 2 * configuration.hidden, configuration.hidden, bidirectional: true)
        }
        head = Dense(recurrent.isEmpty ? filters[4] : 2 * configuration.hidden, configuration.classes)
        dropout = Dropout(configuration.dropout)
    }

    /// The number of steps for an image of the given width.
    public static func steps(width: Int) -> Int { max(width / 4 - 6, 0) }

    /// A line of about forty characters.
    public var exampleInput: Shape { [1, Self.height, 512, 1] }

    /// `[batch, 28, width, 1]` → logits `[batch, width / 4 − 6, classes]`
    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { logits(x, widths: nil) }

    /// The output for a line depends neither on its padding nor on other lines.
    public func callAsFunction(_ x: Tensor<Float>, widths: [Int]) -> Tensor<Float> { logits(x, widths: widths) }

    private func logits(_ x: Tensor<Float>, widths: [Int]?) -> Tensor<Float> {
        var y = x
        for (index, convolution) in convolutions.enumerated() {
            y = convolution(y)
            if index < 2 { y = pool(y) }
            if let normalization = normalizations[index] { y = normalization(y) }
            // The second convolution, which pads, is the last whose windows reach past the end of a line.
            if index == 0, let widths { y = y.cleared(from: widths.map { $0 / 2 }) }
        }
        y = y.squeezingShape(at: 1)
        let lengths = widths?.map { min(max(Self.steps(width: $0), 1), y.shape[1]) }
        for layer in recurrent { y = layer(dropout(y), lengths: lengths) }
        return head(dropout(y))
    }
}
