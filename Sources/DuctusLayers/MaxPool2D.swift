/// The largest value of each window of `[batch, height, width, channels]`; rows and columns that fill none are left out.
///
/// ```swift
/// MaxPool2D(2)(Tensor.zeros([8, 27, 27, 32])).shape   // [8, 13, 13, 32]
/// ```
public struct MaxPool2D: Layer, CustomStringConvertible, Placed {
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
        return listed { maxPool2D(x, kernel: kernelSize, stride: stride) }
    }

    public var description: String { "MaxPool2D \(kernelSize.height) × \(kernelSize.width)" }
}

extension Placed {
    /// Stops unless a window fits into images.
    func expectImages(_ x: Tensor<Float>, noSmallerThan window: IntPair) {
        expect(
            x.rank == 4 && x.shape[1] >= window.height && x.shape[2] >= window.width,
            "input is \(x.shape); it must be [batch, height, width, channels] and no smaller than the window")
    }
}
