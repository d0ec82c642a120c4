/// Cuts a line image into windows of full height, which may overlap:
/// `[batch, height, width, channels]` → `[batch, windows, height, window, channels]`.
///
/// There are ⌊(width − window) / stride⌋ + 1 windows. `TimeDistributed` applies an image network to each:
///
/// ```swift
/// let network = Sequential { SlidingWindows(28, stride: 14); TimeDistributed(LeNet(.init(classes: 80))) }
/// network(Tensor.zeros([1, 28, 952, 1])).shape   // [1, 67, 80]
/// ```
public struct SlidingWindows: Layer, CustomStringConvertible, Placed {
    /// Columns per window.
    public let width: Int
    /// Columns between consecutive windows.
    public let stride: Int
    let place = Place()

    /// Windows of `width` columns every `stride` columns.
    public init(_ width: Int, stride: Int) {
        precondition(
            width > 0 && stride > 0,
            "SlidingWindows: width is \(width), stride \(stride); both must be at least 1.")
        (self.width, self.stride) = (width, stride)
    }

    /// The number of windows of an image of the given width.
    public func count(width: Int) -> Int { width < self.width ? 0 : (width - self.width) / stride + 1 }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        expect(
            x.rank == 4 && x.shape[2] >= width,
            "input is \(x.shape); it must be [batch, height, width, channels] and no narrower than a window")
        return listed {
            let count = count(width: x.shape[2])
            let columns = Tensor(
                (0..<count * width).map { Int32($0 / width * stride + $0 % width) }, shape: [count, width])
            // [batch, height, windows, window, channels]
            return x.gathered(at: columns, axis: 2).movingAxis(from: 2, to: 1)
        }
    }

    public var description: String { "SlidingWindows \(width), stride \(stride)" }
}
