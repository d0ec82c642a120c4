/// The first layers of a LeNet on every window of a line, computed for all windows at once:
/// `[batch, 28, width, 1]` → `[batch, windows, features]`.
///
/// Windows overlap, so a network applied to each of them (`TimeDistributed`) computes most of its convolutions several times.
/// Convolutions without padding do not depend on the window, so they run once over the whole line, and the dense layer after
/// them becomes a convolution with a kernel of the size of a window and the stride of the windows. For odd strides the
/// pooling has a horizontal stride of 1 and that convolution a dilation of 2, so that windows may start at odd columns.
package struct WindowFeatures: Layer {
    package let conv1: Conv2D
    package let conv2: Conv2D
    /// The dense layer: its kernel is `[12, (window − 4) / 2, filters, features]`.
    package let dense: Conv2D
    private let pool: MaxPool2D
    private let dropout: Dropout
    private let windows: SlidingWindows

    /// - Precondition: windows of at least six columns.
    init(window: Int, stride: Int, filters: [Int], width: Int, dropout rate: Double) {
        // Even strides are multiples of the pooling's usual stride.
        let step = stride.isMultiple(of: 2) ? 2 : 1
        conv1 = Conv2D(1, filters[0], activation: .relu)
        conv2 = Conv2D(filters[0], filters[1], activation: .relu)
        pool = MaxPool2D(2, stride: IntPair(2, step))
        dense = Conv2D(
            filters[1], width, kernelSize: IntPair((lineHeight - 4) / 2, (window - 4) / 2),
            stride: IntPair(1, stride / step), dilation: IntPair(1, 2 / step), activation: .relu)
        dropout = Dropout(rate)
        windows = SlidingWindows(window, stride: stride)
    }

    /// The number of windows of an image of the given width.
    func steps(width: Int) -> Int { windows.count(width: width) }

    package func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        precondition(
            x.rank == 4 && x.shape[1] == lineHeight && x.shape[2] >= windows.width,
            "WindowFeatures: input is \(x.shape); it must be [batch, \(lineHeight), width, 1], at least \(windows.width) wide."
        )
        let features = dense(dropout(pool(conv2(conv1(x))))).squeezingShape(at: 1)
        // Pooling drops the last column of odd windows, so one more window may seem to fit.
        return features.sliced(0..<steps(width: x.shape[2]), axis: 1)
    }

    /// The first invalid hyperparameter of the windows, if there is one.
    static func problem(
        in configuration: some NetworkConfiguration, window: Int, stride: Int, filters: [Int], width: Int,
        dropout: Double
    ) -> String? {
        configuration.problem("window", window, in: 6...256)
            ?? configuration.problem("stride", stride, in: 1...256)
            ?? (filters.count == 2 ? nil : "key \"filters\" has \(filters.count) numbers; it must have 2")
            ?? configuration.problem("filters", filters, in: 1...512)
            ?? configuration.problem("width", width, in: 1...4096) ?? configuration.dropoutProblem(dropout)
    }
}

/// The height of line images of the networks with windows.
let lineHeight = 28
