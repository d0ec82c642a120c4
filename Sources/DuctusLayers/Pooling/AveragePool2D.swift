/// The mean of each window of `[batch, height, width, channels]`; trailing rows and columns that do not fill a window are
/// dropped.
///
/// ```swift
/// AveragePool2D(2)(Tensor.zeros([8, 28, 28, 32])).shape   // [8, 14, 14, 32]
/// ```
public struct AveragePool2D: Layer, CustomStringConvertible, Placed {
    /// The size of the window.
    public let kernelSize: IntPair
    /// Pixels between consecutive windows.
    public let stride: IntPair
    let place = Place()

    /// The stride defaults to the size of the window.
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

/// The former name of ``AveragePool2D``.
@available(*, deprecated, renamed: "AveragePool2D")
public typealias AvgPool2D = AveragePool2D
