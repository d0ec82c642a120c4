import CDuctusKernels

/// Outputs per task.
private let poolingGrain = 1 << 14

/// Max pooling: the largest value of each window.
///
/// Shapes: x `[batch, height, width, channels]` → `[batch, height′, width′, channels]`, height′ =
/// ⌊(height − kernel) / stride⌋ + 1; trailing rows and columns that do not fill a window are dropped. The gradient goes
/// to the first largest value of each window.
@_specialize(where Scalar == Float)
public func maxPool2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, kernel: IntPair, stride: IntPair? = nil
) -> Tensor<Scalar> {
    precondition(x.rank == 4, "maxPool2D: input is \(x.shape); it must be [batch, height, width, channels].")
    precondition(
        kernel.height <= 256 && kernel.width <= 256 && kernel.height * kernel.width <= 256,
        "maxPool2D: window is \(kernel.height) × \(kernel.width); it must have at most 256 positions.")
    let window = Window(
        input: IntPair(x.shape[1], x.shape[2]), channels: x.shape[3], kernel: kernel, stride: stride ?? kernel,
        padding: .valid, dilation: 1)
    precondition(
        window.fits, "maxPool2D: input \(x.shape) is smaller than the window \(kernel.height) × \(kernel.width).")
    return Tensor.operation(of: [x], window.attributes) {
        let images = x.shape[0]
        let outputShape: Shape = [images, window.output.height, window.output.width, window.channels]
        let rows = images * window.output.height
        let grain = max(1, poolingGrain / max(window.output.width * window.channels, 1))
        let recording = x.isRecorded
        let winners = Tensor<UInt8>(shape: recording ? outputShape : [0]) { _ in }
        let description = window.kernelDescription
        let y = Tensor<Scalar>(shape: outputShape) { out in
            x.withUnsafeBuffer { x in
                winners.withUnsafeBuffer { winners in
                    let index = recording ? UnsafeMutablePointer(mutating: winners.baseAddress!) : nil
                    parallelRanges(rows, grain: grain) { range in
                        withUnsafePointer(to: description) {
                            Scalar.kernels.max_pool(
                                $0, x.baseAddress!, range.lowerBound, range.upperBound, out.baseAddress!, index)
                        }
                    }
                }
            }
        }
        let inputShape = x.shape
        return y.recorded(from: x) { gradient in
            Tensor(shape: inputShape) { out in
                gradient.withUnsafeBuffer { dy in
                    winners.withUnsafeBuffer { winners in
                        // Overlapping windows add to the same elements, and gaps between windows must be cleared.
                        let isTiling = window.stride == window.kernel
                        parallelRanges(rows, grain: isTiling ? grain : window.output.height) { range in
                            withUnsafePointer(to: description) {
                                Scalar.kernels.max_pool_gradient(
                                    $0, dy.baseAddress!, winners.baseAddress!, range.lowerBound, range.upperBound,
                                    out.baseAddress!)
                            }
                        }
                    }
                }
            }
        }
    }
}
