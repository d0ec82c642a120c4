/// A line recognizer with an autoregressive decoder: the convolutions and bidirectional LSTMs of a ``CRNN`` encode the
/// image, a ``RecurrentDecoder`` generates the text (Sutskever, Vinyals and Le 2014; Luong, Pham and Manning 2015).
///
/// ```swift
/// let network = Seq2Seq(.init(classes: Alphabet.iam.count))
/// network(Tensor.zeros([16, 28, 512, 1])).shape              // [16, 122, 256]: the memory
/// let loss = Loss.teacherForcing(network)
/// ```
public struct Seq2Seq: ConfigurableNetwork, TextGenerator {
    public struct Configuration: NetworkConfiguration {
        /// The number of characters, plus the blank, which is never generated. The start and end tokens are not counted.
        public var classes: Int
        /// Output channels of the encoder's five convolutions.
        public var filters: [Int]
        /// Output features of each of the encoder's LSTMs, per direction.
        public var hidden: Int
        /// The number of stacked bidirectional LSTMs of the encoder.
        public var recurrentLayers: Int
        /// Whether batch normalization follows every convolution, rather than only the third.
        public var normalizesAll: Bool
        /// Channels of memory and decoder.
        public var width: Int
        /// Channels of the token embedding.
        public var embedding: Int
        /// The dropout rate of the encoder and before the decoder's head.
        public var dropout: Double
        /// The maximum length of a generated text.
        public var maximumLength: Int

        /// Values are checked when a network is built; ``problem`` checks them without trapping.
        public init(
            classes: Int, filters: [Int] = [64, 128, 128, 128, 128], hidden: Int = 128, recurrentLayers: Int = 1,
            normalizesAll: Bool = false, width: Int = 256, embedding: Int = 64, dropout: Double = 0,
            maximumLength: Int = 128
        ) {
            (self.classes, self.filters, self.hidden) = (classes, filters, hidden)
            (self.recurrentLayers, self.normalizesAll, self.width) = (recurrentLayers, normalizesAll, width)
            (self.embedding, self.dropout, self.maximumLength) = (embedding, dropout, maximumLength)
        }

        fileprivate var encoder: CRNN.Configuration {
            .init(
                classes: width, filters: filters, hidden: hidden, recurrentLayers: recurrentLayers,
                normalizesAll: normalizesAll, dropout: dropout)
        }

        public static func defaults(classes: Int) -> Self { Self(classes: classes) }

        public var problem: String? {
            problem("classes", classes, in: 2...65_536) ?? problem("width", width, in: 2...4096)
                ?? problem("embedding", embedding, in: 1...4096)
                ?? problem("maximumLength", maximumLength, in: 1...65_536) ?? encoder.problem
        }
    }

    public static let name = "seq2seq"
    public let configuration: Configuration
    /// A CRNN whose head computes the memory instead of logits.
    package let encoder: CRNN
    public let decoder: RecurrentDecoder

    public init(_ configuration: Configuration) {
        configuration.check()
        self.configuration = configuration
        encoder = CRNN(configuration.encoder)
        decoder = RecurrentDecoder(
            tokens: configuration.classes + 2, embedding: configuration.embedding, channels: configuration.width,
            dropout: configuration.dropout)
    }

    public var exampleInput: Shape { encoder.exampleInput }
    public var height: Int { encoder.height }
    public var minimumWidth: Int { encoder.minimumWidth }
    public var maximumLength: Int { configuration.maximumLength }
    public func steps(width: Int) -> Int { encoder.steps(width: width) }

    /// `[batch, 28, width, 1]` → memory `[batch, width / 4 − 6, channels]`
    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { encoder(x) }

    /// The memory of a line depends neither on its padding nor on other lines.
    public func callAsFunction(_ x: Tensor<Float>, widths: [Int]) -> Tensor<Float> { encoder(x, widths: widths) }
}
