/// A sliding-window line recognizer with a fixed number of outputs: the first layers of a LeNet run on every window of the
/// line by itself, and every group of windows predicts one character.
///
/// This is `line_cnn_sliding_window`, the first and simplest line recognizer of the labs. With the same parameters
/// ``LineCNN`` computes the same logits with less work, because it shares computations between overlapping windows.
///
/// ```swift
/// let network = SlidingWindowCNN(.init(classes: Alphabet.fsdl80.count, stride: 10))
/// network(Tensor.zeros([16, 28, 952, 1])).shape              // [16, 34, 80]
/// ```
public struct SlidingWindowCNN: ConfigurableNetwork {
    public typealias Configuration = LineCNN.Configuration

    public static let name = "sliding_window"
    public let configuration: Configuration
    package let windows: SlidingWindows
    package let features: TimeDistributed<Sequential>
    package let head: CharacterPositions

    public init(_ configuration: Configuration) {
        configuration.check()
        self.configuration = configuration
        let (first, second) = (configuration.filters[0], configuration.filters[1])
        let pixels = (lineHeight - 4) / 2 * ((configuration.window - 4) / 2)
        windows = SlidingWindows(configuration.window, stride: configuration.stride)
        features = TimeDistributed(
            Sequential {
                Conv2D(1, first, activation: .relu)
                Conv2D(first, second, activation: .relu)
                MaxPool2D(2)
                Dropout(configuration.dropout)
                Flatten()
                Dense(pixels * second, configuration.width, activation: .relu)
            })
        head = CharacterPositions(configuration)
    }

    public var exampleInput: Shape { [1, lineHeight, configuration.columns, 1] }

    /// `[batch, 28, columns, 1]` → logits `[batch, characters, classes]`
    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { head(features(windows(x))) }
}
