/// Reads a line by writing it: the convolutions and the bidirectional LSTM of a ``CRNN`` encode the image, an LSTM with
/// attention writes the text (Sutskever, Vinyals and Le 2014; ``RecurrentDecoder`` after Luong et al. 2015).
///
/// ```swift
/// let network = Seq2Seq(.init(classes: CharacterSet.iam.count))
/// network(Tensor.zeros([16, 28, 512, 1])).shape              // [16, 122, 256]: the memory
/// let loss = Loss.teacherForcing(network)
/// ```
public struct Seq2Seq: ConfigurableNetwork, TextGenerator {
    public struct Configuration: NetworkConfiguration {
        /// Characters and the blank, which is never written. Start and end of a text are two more tokens.
        public var classes: Int
        /// Channels of the encoder's five convolutions.
        public var filters: [Int]
        /// Width of the encoder's LSTM, per direction.
        public var hidden: Int
        /// LSTMs of the encoder, each reading what the one before it says.
        public var recurrentLayers: Int
        /// Batch normalisation after every convolution instead of after the third only.
        public var normalizesAll: Bool
        /// Channels of the memory and width of the decoder.
        public var width: Int
        /// Channels of a token.
        public var embedding: Int
        /// Dropout in the encoder and before the decoder's head.
        public var dropout: Double
        /// The longest text that is written.
        public var maximumLength: Int

        /// Sizes are checked when the network is built, or asked for their ``problem``.
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

        public var problem: String? {
            problem("classes", classes, in: 2...65_536) ?? problem("width", width, in: 2...4096)
                ?? problem("embedding", embedding, in: 1...4096)
                ?? problem("maximumLength", maximumLength, in: 1...65_536) ?? encoder.problem
        }
    }

    public static let name = "seq2seq"
    public let configuration: Configuration
    /// Its head has the channels of the memory for classes.
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

    /// Every line is encoded as if it were alone.
    public func callAsFunction(_ x: Tensor<Float>, widths: [Int]) -> Tensor<Float> { encoder(x, widths: widths) }
}
