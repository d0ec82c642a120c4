/// A gated recurrent unit over whole sequences, in one direction or both (Cho et al. 2014).
///
/// ```swift
/// let layer = GRU(128, 64, bidirectional: true)
/// layer(Tensor.zeros([8, 100, 128])).shape   // [8, 100, 128]: both outputs, 64 channels each, side by side
/// ```
public struct GRU: Layer, CustomStringConvertible, RecurrentLayer {
    /// The parameters of one direction; gates in the order r, z, n.
    public struct Direction: Module, RecurrentParameters {
        /// `[in, 3 hidden]`
        public let inputWeight: Parameter
        /// `[hidden, 3 hidden]`
        public let recurrentWeight: Parameter
        /// `[3 hidden]`
        public let bias: Parameter
        /// `[hidden]`: inside the candidate, before the reset gate multiplies.
        public let candidateBias: Parameter

        init(_ inputs: Int, _ hidden: Int) {
            (inputWeight, recurrentWeight) = (Self.weight(inputs, hidden), Self.weight(hidden, hidden))
            (bias, candidateBias) = (Parameter(.zeros([3 * hidden])), Parameter(.zeros([hidden])))
        }

        var weights: GRUWeights<Float> {
            GRUWeights(
                input: inputWeight.value, recurrent: recurrentWeight.value, bias: bias.value,
                candidateBias: candidateBias.value)
        }
    }

    /// The forward direction.
    public let forward: Direction
    /// The reverse direction; `nil` in a unidirectional layer.
    public let backward: Direction?
    let place = Place()

    /// `inputs` input features, `hidden` output features, or twice as many if `bidirectional`. Weights start uniform
    /// within ±1 / √hidden, biases at zero.
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

    public var description: String { description("GRU") }
}
