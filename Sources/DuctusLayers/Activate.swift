/// A function of every element, as a layer of its own.
///
/// Dense layers, convolutions and batch normalisation apply the commonest ones themselves (`activation:`), which is
/// faster; this is for what comes after other layers.
///
/// ```swift
/// Sequential { Dense(64, 256); LayerNorm(256); Activate(.gelu) }
/// ```
public struct Activate: Layer, CustomStringConvertible, Placed {
    /// The functions there are.
    public enum Function: String, Sendable, Codable, CaseIterable {
        /// max(x, 0).
        case relu
        /// x Φ(x), Φ the normal distribution (Hendrycks and Gimpel 2016).
        case gelu
        /// The hyperbolic tangent, −1 … 1.
        case tanh
        /// 1 / (1 + e⁻ˣ), 0 … 1.
        case sigmoid
        /// Over the last axis.
        case softmax, logSoftmax
    }
    /// The one applied.
    public let function: Function
    let place = Place()

    /// The layer of a function.
    public init(_ function: Function) { self.function = function }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        listed {
            switch function {
            case .relu: x.relu()
            case .gelu: x.gelu()
            case .tanh: x.tanh()
            case .sigmoid: x.sigmoid()
            case .softmax: x.softmax()
            case .logSoftmax: x.logSoftmax()
            }
        }
    }

    public var description: String { "Activate \(function)" }
}
