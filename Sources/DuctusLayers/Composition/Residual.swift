/// A residual connection around layers: `activation(f(x) + projection(x))` (He et al. 2016). The projection, needed if f
/// changes the shape, defaults to the identity.
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
    /// The residual branch, f.
    public let body: any Layer
    /// The projection of the skip connection; the identity if `nil`.
    public let projection: (any Layer)?
    /// Applied to the sum.
    public let activation: Activation
    let place = Place()

    /// A residual connection around one layer.
    ///
    /// - Parameters:
    ///   - body: the residual branch, f.
    ///   - projection: the projection of the skip connection; the identity if `nil`.
    ///   - activation: applied to the sum.
    public init(_ body: any Layer, projection: (any Layer)? = nil, activation: Activation = .identity) {
        (self.body, self.projection, self.activation) = (body, projection, activation)
    }

    /// A residual connection around several layers.
    public init(
        projection: (any Layer)? = nil, activation: Activation = .identity,
        @SequentialBuilder _ layers: () -> [any Layer]
    ) {
        self.init(Sequential(layers), projection: projection, activation: activation)
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        listed {
            let y = calling(body, "body", x)
            let skip = projection.map { calling($0, "projection", x) } ?? x
            expect(
                y.shape == skip.shape,
                "the output of the body is \(y.shape), that of the skip connection \(skip.shape); they must be equal")
            return activation(y + skip)
        }
    }

    public var description: String { projection == nil ? "Residual" : "Residual, with a projection" }
}
