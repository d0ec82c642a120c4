/// Writes a fixed number of characters, by convolutions alone: the first layers of a LeNet describe every window of
/// the line, and every group of windows names one character.
///
/// This is `line_cnn_all_conv` of the labs: there is no alignment, so it learns only where characters stand at regular
/// distances. Texts are followed by the blank, which is padding here. ``SlidingWindowCNN`` computes the same.
///
/// ```swift
/// let network = LineCNN(.init(classes: CharacterSet.fsdl80.count))
/// network(Tensor.zeros([16, 28, 952, 1])).shape              // [16, 34, 80]
/// ```
public struct LineCNN: ConfigurableNetwork {
    public struct Configuration: NetworkConfiguration {
        /// Characters and the padding.
        public var classes: Int
        /// Characters that a line has room for.
        public var characters: Int
        /// Columns of the images: 28 for each of 34 characters.
        public var columns: Int
        /// Columns of a window.
        public var window: Int
        /// Columns from one window to the next.
        public var stride: Int
        /// Channels of the two convolutions.
        public var filters: [Int]
        /// Numbers that describe a window.
        public var width: Int
        /// Dropout before the dense layer of a window and after it.
        public var dropout: Double

        /// Sizes are checked when the network is built, or asked for their ``problem``.
        public init(
            classes: Int, characters: Int = 34, columns: Int = 952, window: Int = 16, stride: Int = 8,
            filters: [Int] = [32, 64], width: Int = 128, dropout: Double = 0.2
        ) {
            (self.classes, self.characters, self.columns) = (classes, characters, columns)
            (self.window, self.stride, self.filters) = (window, stride, filters)
            (self.width, self.dropout) = (width, dropout)
        }

        public var problem: String? {
            problem("classes", classes, in: 2...65_536) ?? problem("characters", characters, in: 1...1024)
                ?? problem("columns", columns, in: 6...65_536)
                ?? WindowFeatures.problem(
                    in: self, window: window, stride: stride, filters: filters, width: width, dropout: dropout)
                ?? (windowsPerCharacter > 0
                    ? nil
                    : "\(columns) columns have \(windows) windows, too few for \(characters) characters")
        }

        /// Windows of an image.
        var windows: Int { SlidingWindows(window, stride: stride).count(width: columns) }
        /// Windows that name one character together.
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

/// Names one character from every group of windows: `[batch, windows, features]` → `[batch, characters, classes]`.
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

    /// There may be groups left over at the end of the line.
    package func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        conv(dropout(x).expandingShape(at: 1)).squeezingShape(at: 1).sliced(0..<characters, axis: 1)
    }
}
