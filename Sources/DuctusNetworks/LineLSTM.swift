/// A line recognizer with a sliding window: the first layers of a LeNet compute the features of every window, an LSTM
/// processes them from left to right, and a dense layer computes the CTC logits of each.
///
/// This is `line_lstm_ctc` of the labs, with all windows computed by one convolution.
///
/// ```swift
/// let network = LineLSTM(.init(classes: Alphabet.fsdl80.count))
/// network(Tensor.zeros([16, 28, 952, 1])).shape              // [16, 188, 80]
/// let loss = Loss.ctc(blank: Alphabet.fsdl80.blank, steps: network.steps)
/// ```
public struct LineLSTM: ConfigurableNetwork {
    public struct Configuration: NetworkConfiguration {
        /// The number of characters, plus the blank.
        public var classes: Int
        /// Columns per window.
        public var window: Int
        /// Columns between consecutive windows.
        public var stride: Int
        /// Output channels of the two convolutions.
        public var filters: [Int]
        /// Features per window.
        public var width: Int
        /// Output features of the LSTM.
        public var hidden: Int
        /// The dropout rate before the dense layer of a window.
        public var dropout: Double

        /// Values are checked when a network is built; ``problem`` checks them without trapping.
        public init(
            classes: Int, window: Int = 14, stride: Int = 5, filters: [Int] = [32, 64], width: Int = 128,
            hidden: Int = 128, dropout: Double = 0.2
        ) {
            (self.classes, self.window, self.stride, self.filters) = (classes, window, stride, filters)
            (self.width, self.hidden, self.dropout) = (width, hidden, dropout)
        }

        public static func defaults(classes: Int) -> Self { Self(classes: classes) }

        public var problem: String? {
            problem("classes", classes, in: 2...65_536) ?? problem("hidden", hidden, in: 1...2048)
                ?? WindowFeatures.problem(
                    in: self, window: window, stride: stride, filters: filters, width: width, dropout: dropout)
        }
    }

    public static let name = "lstm_ctc"
    public let configuration: Configuration
    package let features: WindowFeatures
    package let recurrent: LSTM
    package let head: Dense

    public init(_ configuration: Configuration) {
        configuration.check()
        self.configuration = configuration
        features = WindowFeatures(
            window: configuration.window, stride: configuration.stride, filters: configuration.filters,
            width: configuration.width, dropout: configuration.dropout)
        recurrent = LSTM(configuration.width, configuration.hidden)
        head = Dense(configuration.hidden, configuration.classes)
    }

    /// A line of the labs' data sets.
    public var exampleInput: Shape { [1, lineHeight, 952, 1] }

    /// `[batch, 28, width, 1]` → logits `[batch, windows, classes]`
    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { head(recurrent(features(x))) }
}
