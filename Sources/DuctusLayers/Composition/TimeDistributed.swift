/// Applies a layer to every step of a sequence: `[batch, time, …]` → `[batch, time, …]`.
///
/// ```swift
/// TimeDistributed(Conv2D(1, 8))(Tensor.zeros([4, 10, 28, 28, 1])).shape   // [4, 10, 26, 26, 8]
/// ```
public struct TimeDistributed<Inner: Layer>: Layer, CustomStringConvertible, Placed {
    /// The layer that is applied.
    public let layer: Inner
    let place = Place()

    /// Applies `layer` to every step.
    public init(_ layer: Inner) { self.layer = layer }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        expect(x.rank >= 2, "input is \(x.shape); it must be [batch, time, …]")
        return listed {
            let steps = x.shape[0] * x.shape[1]
            let y = calling(layer, "layer", x.reshaped(to: Shape([steps] + x.shape.dropFirst(2))))
            return y.reshaped(to: Shape([x.shape[0], x.shape[1]] + y.shape.dropFirst()))
        }
    }

    public var description: String { "TimeDistributed \(name(of: layer))" }
}
