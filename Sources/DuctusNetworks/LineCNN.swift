/// An all-convolutional line recognizer with a fixed number of outputs: the first layers of a LeNet compute the features of
/// every window of the line, and every group of windows predicts one character.
///
/// This is `line_cnn_all_conv` of the labs. There is no alignment, so it needs evenly spaced characters. Labels are padded
/// with the blank. ``SlidingWindowCNN`` computes the same.
///
/// ```swift
/// let network = LineCNN(.init(classes: Alphabet.fsdl80.count))
/// network(Tensor.zeros([16, 28, 952, 1])).shape              // [16, 34, 80]
/// ```
public struct LineCNN: ConfigurableNetwork {
    public struct Configuration: NetworkConfiguration {
        /// The number of characters, plus the padding.
        public var classes: Int
        /// The number of characters predicted per line.
        public var characters: Int
        /// The width of the images; by default 28 columns for each of 34 characters.
        public var columns: Int
        /// Columns per window.
        public var window: Int
        /// Columns between consecutive windows.
        public var stride: Int
        /// Output channels of the two convolutions.
        public var filters: [Int]
        /// Features per window.
        public var width: Int
        /// The dropout rate before and after the dense layer of a window.
        public var dropout: Double

        /// Values are checked when a network is built; ``problem`` checks them without trapping.
        public init(
            classes: Int, characters: Int = 34, columns: Int = 952, window: Int = 16, stride: Int = 8,
            filters: [Int] = [32, 64], width: Int = 128, dropout: Double = 0.2
        ) {
            (self.classes, self.characters, self.columns) = (classes, characters, columns)
            (self.window, self.stride, self.filters) = (window, stride, filters)
            (self.width, self.dropout) = (width, dropout)
        }

        public static func defaults(classes: Int) -> Self { Self(classes: classes) }

        public var problem: String? {
            problem("classes", classes, in: 2...65_536) ?? problem("characters", characters, in: 1...1024)
                ?? problem("columns", columns, in: 6...65_536)
                ?? WindowFeatures.problem(
                    in: self, window: window, stride: stride, filters: filters, width: width, dropout: dropout)
                ?? (windowsPerCharacter > 0
                    ? nil
                    : "\(columns) columns have \(windows) windows, too few for \(characters) characters")
        }

        /// The number of windows of an image.
        var windows: Int { SlidingWindows(window, stride: stride).count(width: columns) }
        /// The number of windows that predict one character.
        var windowsPerCharacter: Int { windows / characters }
    }

    public static let name = "all_conv"
    public let configuration: Configuration
    package let features: WindowFeatures
    package let head: CharacterPositions

    public init(_ configuration: Configuration) {
        configuration.check()
        self.configuration = configuration
        features = WindowFeatures(
            window: configuration.window, stride: configuration.stride, filters: configuration.filters,
            width: configuration.width, dropout: configuration.dropout)
        head = CharacterPositions(configuration)
    }

    public var exampleInput: Shape { [1, lineHeight, configuration.columns, 1] }

    /// `[batch, 28, columns, 1]` → logits `[batch, characters, classes]`
    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { head(features(x)) }
}

/// Predicts one character from every group of windows: `[batch, windows, features]` → `[batch, characters, classes]`.
package struct CharacterPositions: Layer {
    package let conv: Conv2D
    private let dropout: Dropout
    private let characters: Int

    init(_ configuration: LineCNN.Configuration) {
        let group = IntPair(1, configuration.windowsPerCharacter)
        conv = Conv2D(configuration.width, configuration.classes, kernelSize: group, stride: group)
        dropout = Dropout(configuration.dropout)
        characters = configuration.characters
    }

    /// Surplus groups at the end of the line are dropped.
    package func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        conv(dropout(x).expandingShape(at: 1)).squeezingShape(at: 1).sliced(0..<characters, axis: 1)
    }
}
