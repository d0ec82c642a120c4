/// What the first layers of a LeNet make of every window of a line, computed for all windows at once:
/// `[batch, 28, width, 1]` → `[batch, windows, features]`.
///
/// Windows overlap, so a network that is applied to each of them (`TimeDistributed`) computes most of its convolutions
/// several times. A convolution without padding gives the same numbers wherever the window ends; so the convolutions
/// run over the whole line, and the dense layer behind them becomes a convolution as high and wide as a window, whose
/// stride is that of the windows. The pooling moves by one column, and the last convolution skips every other one, so
/// that windows may begin at odd columns too.
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
        // Even strides keep to the pooling's own steps.
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

    /// Windows of an image so wide.
    func steps(width: Int) -> Int { windows.count(width: width) }

    package func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        precondition(
            x.rank == 4 && x.shape[1] == lineHeight && x.shape[2] >= windows.width,
            "A line is \(x.shape); it must be [batch, \(lineHeight), width, 1], no narrower than \(windows.width).")
        let features = dense(dropout(pool(conv2(conv1(x))))).squeezingShape(at: 1)
        // The last column of odd windows is in no pooled pair, so one more window may seem to fit.
        return features.sliced(0..<steps(width: x.shape[2]), axis: 1)
    }

    /// What is wrong with sizes of windows, if anything.
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

/// The height of the lines that the networks with windows read.
let lineHeight = 28
