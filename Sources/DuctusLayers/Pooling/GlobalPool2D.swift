/// The mean of every channel over an image: `[batch, height, width, channels]` → `[batch, channels]` (Lin, Chen and
/// Yan 2014), whatever the size of the image.
///
/// ```swift
/// GlobalAveragePool2D()(Tensor.zeros([8, 7, 7, 64])).shape   // [8, 64]
/// ```
public struct GlobalAveragePool2D: Layer, CustomStringConvertible, Placed {
    let place = Place()

    /// An average over the whole image.
    public init() {}

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        expectImage(x)
        return listed { x.mean(axes: [1, 2]) }
    }

    public var description: String { "GlobalAveragePool2D" }
}

/// The largest value of every channel of an image: `[batch, height, width, channels]` → `[batch, channels]`.
public struct GlobalMaxPool2D: Layer, CustomStringConvertible, Placed {
    let place = Place()

    /// A maximum over the whole image.
    public init() {}

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        expectImage(x)
        return listed { x.max(axes: [1, 2]) }
    }

    public var description: String { "GlobalMaxPool2D" }
}

extension Placed {
    fileprivate func expectImage(_ x: Tensor<Float>) {
        expect(
            x.rank == 4 && x.shape[1] * x.shape[2] > 0,
            "input is \(x.shape); it must be [batch, height, width, channels], with pixels")
    }
}
