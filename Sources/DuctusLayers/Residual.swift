/// A layer with a way around it: `activation(x + f(x))` (He et al. 2016). Where f changes the shape, a projection of x
/// does so too.
///
/// ```swift
/// let block = Residual(
///     projection: Conv2D(64, 128, kernelSize: 1, stride: 2, bias: false), activation: .relu
/// ) {
///     Conv2D(64, 128, stride: 2, padding: .same, bias: false); BatchNorm(128, activation: .relu)
///     Conv2D(128, 128, padding: .same, bias: false); BatchNorm(128)
/// }
/// block(Tensor.zeros([8, 28, 28, 64])).shape   // [8, 14, 14, 128]
/// ```
public struct Residual: Layer, CustomStringConvertible, Placed {
    /// f.
    public let body: any Layer
    /// What x goes through on the way around, if anything.
    public let projection: (any Layer)?
    /// Applied to the sum.
    public let activation: Activation
    let place = Place()

    /// Around one layer.
    ///
    /// - Parameters:
    ///   - body: the layer, f.
    ///   - projection: what x goes through on the way around, nothing unless given.
    ///   - activation: applied to the sum.
    public init(_ body: any Layer, projection: (any Layer)? = nil, activation: Activation = .identity) {
        (self.body, self.projection, self.activation) = (body, projection, activation)
    }

    /// Around several layers.
    public init(
        projection: (any Layer)? = nil, activation: Activation = .identity,
        @SequentialBuilder _ layers: () -> [any Layer]
    ) {
        self.init(Sequential(layers), projection: projection, activation: activation)
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        listed {
            let y = calling(body, "body", x)
            let around = projection.map { calling($0, "projection", x) } ?? x
            expect(
                y.shape == around.shape,
                "the layers inside make \(y.shape), the way around \(around.shape); they must be equal")
            return activation(y + around)
        }
    }

    public var description: String { projection == nil ? "Residual" : "Residual, with a projection" }
}
