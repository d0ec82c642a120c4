/// The largest value of each window of `[batch, height, width, channels]`; trailing rows and columns that do not fill a
/// window are dropped.
///
/// ```swift
/// MaxPool2D(2)(Tensor.zeros([8, 27, 27, 32])).shape   // [8, 13, 13, 32]
/// ```
public struct MaxPool2D: Layer, CustomStringConvertible, Placed {
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
        return listed { maxPool2D(x, kernel: kernelSize, stride: stride) }
    }

    public var description: String { "MaxPool2D \(kernelSize.height) × \(kernelSize.width)" }
}

extension Placed {
    /// Traps unless a window fits into the images.
    func expectImages(_ x: Tensor<Float>, noSmallerThan window: IntPair) {
        expect(
            x.rank == 4 && x.shape[1] >= window.height && x.shape[2] >= window.width,
            "input is \(x.shape); it must be [batch, height, width, channels] and no smaller than the window")
    }
}
