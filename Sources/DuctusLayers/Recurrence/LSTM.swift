/// A long short-term memory over whole sequences, in one direction or both (Hochreiter and Schmidhuber 1997).
///
/// ```swift
/// let layer = LSTM(128, 64, bidirectional: true)
/// layer(Tensor.zeros([8, 100, 128])).shape   // [8, 100, 128]: both outputs, 64 channels each, side by side
/// ```
public struct LSTM: Layer, CustomStringConvertible, RecurrentLayer {
    /// The parameters of one direction; gates in the order i, f, g, o.
    public struct Direction: Module, RecurrentParameters {
        /// `[in, 4 hidden]`
        public let inputWeight: Parameter
        /// `[hidden, 4 hidden]`
        public let recurrentWeight: Parameter
        /// `[4 hidden]`
        public let bias: Parameter

        init(_ inputs: Int, _ hidden: Int) {
            (inputWeight, recurrentWeight) = (Self.weight(inputs, hidden), Self.weight(hidden, hidden))
            // An open forget gate passes gradients from the start (Gers et al. 2000).
            bias = Parameter(
                Tensor((0..<4 * hidden).map { $0 / hidden == 1 ? 1 : 0 }, shape: [4 * hidden]))
        }

        var weights: LSTMWeights<Float> {
            LSTMWeights(input: inputWeight.value, recurrent: recurrentWeight.value, bias: bias.value)
        }
    }

    /// The forward direction.
    public let forward: Direction
    /// The reverse direction; `nil` in a unidirectional layer.
    public let backward: Direction?
    let place = Place()

    /// `inputs` input features, `hidden` output features, or twice as many if `bidirectional`. Weights start uniform
    /// within ±1 / √hidden, biases at zero, except those of the forget gates, at one.
    public init(_ inputs: Int, _ hidden: Int, bidirectional: Bool = false) {
        forward = Direction(inputs, hidden)
        backward = bidirectional ? Direction(inputs, hidden) : nil
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { outputs(x, lengths: nil) }

    /// The outputs for sequences of different lengths: padding does not affect the outputs of a sequence, and outputs past
    /// its length are zero.
    ///
    /// - Parameters:
    ///   - x: `[batch, time, in]`.
    ///   - lengths: the length of each sequence, from 0 to `time`; `time` for all if `nil`.
    public func callAsFunction(_ x: Tensor<Float>, lengths: [Int]?) -> Tensor<Float> { outputs(x, lengths: lengths) }

    public var description: String { description("LSTM") }
}
