/// The mean of each window of `[batch, height, width, channels]`; rows and columns that fill none are left out.
///
/// ```swift
/// AvgPool2D(2)(Tensor.zeros([8, 28, 28, 32])).shape   // [8, 14, 14, 32]
/// ```
public struct AvgPool2D: Layer, CustomStringConvertible, Placed {
    /// The window's size.
    public let kernelSize: Extent
    /// Steps from window to window.
    public let stride: Extent
    let place = Place()

    /// Steps are of the window's own size, unless a `stride` is given.
    public init(_ kernelSize: Extent, stride: Extent? = nil) {
        self.kernelSize = kernelSize
        self.stride = stride ?? kernelSize
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        expectImages(x, noSmallerThan: kernelSize)
        return listed { averagePool2D(x, kernel: kernelSize, stride: stride) }
    }

    public var description: String { "AvgPool2D \(kernelSize.height) × \(kernelSize.width)" }
}
