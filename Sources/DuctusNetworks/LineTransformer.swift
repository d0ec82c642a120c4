/// A line recognizer with an autoregressive decoder: the convolutions of a ``CRNN`` encode the image, a
/// ``TransformerDecoder`` generates the text.
///
/// Columns get a sinusoidal positional encoding; with `recurrentLayers`, LSTMs process them first.
///
/// ```swift
/// let network = LineTransformer(.init(classes: Alphabet.iam.count, layers: 2))
/// network(Tensor.zeros([16, 28, 512, 1])).shape              // [16, 122, 256]: the memory
/// let loss = Loss.teacherForcing(network)
/// ```
public struct LineTransformer: ConfigurableNetwork, TextGenerator {
    public struct Configuration: NetworkConfiguration {
        /// The number of characters, plus the blank, which is never generated. The start and end tokens are not counted.
        public var classes: Int
        /// Output channels of the encoder's five convolutions.
        public var filters: [Int]
        /// Output features of each of the encoder's LSTMs, per direction.
        public var recurrentWidth: Int
        /// The number of bidirectional LSTMs between convolutions and decoder.
        public var recurrentLayers: Int
        /// Whether batch normalization follows every convolution, rather than only the third.
        public var normalizesAll: Bool
        /// Channels of memory and decoder.
        public var width: Int
        /// The number of decoder blocks.
        public var layers: Int
        /// Attention heads, which must divide `width`.
        public var heads: Int
        /// Hidden features of the feed-forward networks.
        public var hidden: Int
        /// The position of layer normalization in the blocks.
        public var norm: NormPosition
        /// The dropout rate of encoder and decoder.
        public var dropout: Double
        /// The maximum length of a generated text.
        public var maximumLength: Int

        /// Values are checked when a network is built; ``problem`` checks them without trapping.
        public init(
            classes: Int, filters: [Int] = [64, 128, 128, 128, 128], recurrentWidth: Int = 128,
            recurrentLayers: Int = 0, normalizesAll: Bool = false, width: Int = 256, layers: Int = 4, heads: Int = 4,
            hidden: Int = 256, norm: NormPosition = .before, dropout: Double = 0.1, maximumLength: Int = 128
        ) {
            (self.classes, self.filters, self.recurrentWidth) = (classes, filters, recurrentWidth)
            (self.recurrentLayers, self.normalizesAll, self.width) = (recurrentLayers, normalizesAll, width)
            (self.layers, self.heads, self.hidden, self.norm) = (layers, heads, hidden, norm)
            (self.dropout, self.maximumLength) = (dropout, maximumLength)
        }

        fileprivate var encoder: CRNN.Configuration {
            .init(
                classes: width, filters: filters, hidden: recurrentWidth, recurrentLayers: recurrentLayers,
                normalizesAll: normalizesAll, dropout: dropout)
        }

        public static func defaults(classes: Int) -> Self { Self(classes: classes) }

        public var problem: String? {
            problem("classes", classes, in: 2...65_536)
                ?? problem("recurrentWidth", recurrentWidth, in: 1...2048)
                ?? transformerProblem(width: width, layers: layers, heads: heads, hidden: hidden)
                ?? problem("maximumLength", maximumLength, in: 1...65_536) ?? encoder.problem
        }
    }

    public static let name = "lineTransformer"
    public let configuration: Configuration
    /// A CRNN whose head computes the memory instead of logits.
    package let encoder: CRNN
    public let decoder: TransformerDecoder
    private let positions: SinusoidalPositions

    public init(_ configuration: Configuration) {
        configuration.check()
        self.configuration = configuration
        encoder = CRNN(configuration.encoder)
        decoder = TransformerDecoder(
            tokens: configuration.classes + 2, channels: configuration.width, layers: configuration.layers,
            heads: configuration.heads, hidden: configuration.hidden, norm: configuration.norm,
            dropout: configuration.dropout)
        positions = SinusoidalPositions(configuration.width)
    }

    public var exampleInput: Shape { encoder.exampleInput }
    public var height: Int { encoder.height }
    public var minimumWidth: Int { encoder.minimumWidth }
    public var maximumLength: Int { configuration.maximumLength }
    public func steps(width: Int) -> Int { encoder.steps(width: width) }

    /// `[batch, 28, width, 1]` → memory `[batch, width / 4 − 6, channels]`
    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { positions(encoder(x)) }

    /// The memory of a line depends neither on its padding nor on other lines.
    public func callAsFunction(_ x: Tensor<Float>, widths: [Int]) -> Tensor<Float> {
        positions(encoder(x, widths: widths))
    }
}

extension NetworkConfiguration {
    /// The first invalid hyperparameter of a transformer, if there is one.
    func transformerProblem(width: Int, layers: Int, heads: Int, hidden: Int) -> String? {
        problem("width", width, in: 2...4096) ?? problem("layers", layers, in: 1...64)
            ?? problem("heads", heads, in: 1...width) ?? problem("hidden", hidden, in: 1...16_384)
            ?? (width.isMultiple(of: heads)
                ? nil : "key \"heads\" is \(heads); it must divide the width, \(width)")
    }
}
