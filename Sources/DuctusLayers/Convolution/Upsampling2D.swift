/// Resizes images by a factor or to a given size: `[batch, height, width, channels]` → `[batch, height′, width′,
/// channels]`.
///
/// ```swift
/// Upsampling2D(2)(Tensor.zeros([8, 14, 14, 32])).shape               // [8, 28, 28, 32]
/// Upsampling2D(to: IntPair(20, 30), .bilinear)(image).shape           // [1, 20, 30, 3]
/// ```
public struct Upsampling2D: Layer, CustomStringConvertible, Placed {
    private enum Size: Sendable {
        case factor(IntPair)
        case fixed(IntPair)
    }
    private let size: Size
    /// How new pixels are interpolated.
    public let interpolation: Interpolation
    let place = Place()

    /// `factor` times as high and as wide.
    public init(_ factor: IntPair, _ interpolation: Interpolation = .nearest) {
        precondition(
            factor.height > 0 && factor.width > 0,
            "Upsampling2D: factor is \(factor.height) × \(factor.width); it must be at least 1 × 1.")
        (size, self.interpolation) = (.factor(factor), interpolation)
    }

    /// To a fixed size, whatever that of the input.
    public init(to size: IntPair, _ interpolation: Interpolation = .nearest) {
        precondition(
            size.height > 0 && size.width > 0,
            "Upsampling2D: size is \(size.height) × \(size.width); it must be at least 1 × 1.")
        (self.size, self.interpolation) = (.fixed(size), interpolation)
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        expect(
            x.rank == 4 && x.shape[1] * x.shape[2] > 0,
            "input is \(x.shape); it must be [batch, height, width, channels], with pixels")
        let target =
            switch size {
            case .factor(let factor): IntPair(x.shape[1] * factor.height, x.shape[2] * factor.width)
            case .fixed(let size): size
            }
        return listed { resize2D(x, to: target, interpolation) }
    }

    public var description: String {
        switch size {
        case .factor(let factor): "Upsampling2D × \(factor.height), \(factor.width), \(interpolation)"
        case .fixed(let size): "Upsampling2D to \(size.height) × \(size.width), \(interpolation)"
        }
    }
}
