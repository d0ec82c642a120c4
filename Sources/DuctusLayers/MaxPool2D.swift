/// The largest value of each window of `[batch, height, width, channels]`.
public struct MaxPool2D: Layer, CustomStringConvertible {
    public let kernelSize: Extent
    public let stride: Extent

    /// Steps are of the window's own size, unless a `stride` is given.
    public init(_ kernelSize: Extent, stride: Extent? = nil) {
        self.kernelSize = kernelSize
        self.stride = stride ?? kernelSize
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        expect(
            x.rank == 4 && x.shape[1] >= kernelSize.height && x.shape[2] >= kernelSize.width, "(\(self))",
            "input is \(x.shape); it must be [batch, height, width, channels] and no smaller than the window")
        return maxPool2D(x, kernel: kernelSize, stride: stride)
    }

    public var description: String { "MaxPool2D \(kernelSize.height) × \(kernelSize.width)" }
}
