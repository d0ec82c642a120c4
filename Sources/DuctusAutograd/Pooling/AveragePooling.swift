/// Average pooling: the mean of each window.
///
/// Shapes: x `[batch, height, width, channels]` → `[batch, height′, width′, channels]`, height′ =
/// ⌊(height − kernel) / stride⌋ + 1; trailing rows and columns that do not fill a window are dropped.
///
/// The mean is separable, so it is taken along the height first, then along the width.
@_specialize(where Scalar == Float)
public func averagePool2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, kernel: IntPair, stride: IntPair? = nil
) -> Tensor<Scalar> {
    precondition(x.rank == 4, "averagePool2D: input is \(x.shape); it must be [batch, height, width, channels].")
    let stride = stride ?? kernel
    precondition(
        min(kernel.height, kernel.width, stride.height, stride.width) > 0,
        "averagePool2D: window and stride must be at least 1.")
    precondition(
        x.shape[1] >= kernel.height && x.shape[2] >= kernel.width,
        "averagePool2D: input \(x.shape) is smaller than the window \(kernel.height) × \(kernel.width).")
    return x.mapped(by: means(x.shape[1], kernel.height, stride.height), axis: 1)
        .mapped(by: means(x.shape[2], kernel.width, stride.width), axis: 2)
}

/// The matrix that averages `kernel` elements every `stride`.
private func means<Scalar: FloatingScalar>(_ size: Int, _ kernel: Int, _ stride: Int) -> SparseMatrix<Scalar> {
    SparseMatrix(
        columns: size,
        (0...(size - kernel) / stride).map { position in
            (0..<kernel).map { (position * stride + $0, 1 / Double(kernel)) }
        })
}
