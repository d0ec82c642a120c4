/// The mean of each window of `[batch, height, width, channels]`; rows and columns that fill none are left out.
///
/// ```swift
/// AveragePool2D(2)(Tensor.zeros([8, 28, 28, 32])).shape   // [8, 14, 14, 32]
/// ```
public struct AveragePool2D: Layer, CustomStringConvertible, Placed {
    /// The window's size.
    public let kernelSize: IntPair
    /// Steps from window to window.
    public let stride: IntPair
    let place = Place()

    /// Steps are of the window's own size, unless a `stride` is given.
    public init(_ kernelSize: IntPair, stride: IntPair? = nil) {
        self.kernelSize = kernelSize
        self.stride = stride ?? kernelSize
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        expectImages(x, noSmallerThan: kernelSize)
        return listed { averagePool2D(x, kernel: kernelSize, stride: stride) }
    }

    public var description: String { "AveragePool2D \(kernelSize.height) × \(kernelSize.width)" }
}

@available(*, deprecated, renamed: "AveragePool2D")
public typealias AvgPool2D = AveragePool2D
