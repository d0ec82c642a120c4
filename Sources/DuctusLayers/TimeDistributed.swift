/// Applies a layer to every step of a sequence: `[batch, time, …]` → `[batch, time, …]`.
public struct TimeDistributed<Inner: Layer>: Layer, CustomStringConvertible, Placed {
    public let layer: Inner
    let place = Place()

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
