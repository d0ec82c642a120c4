import CDuctusKernels

/// The largest value of each window.
///
/// Shapes: x `[batch, height, width, channels]` → `[batch, height′, width′, channels]`, height′ =
/// ⌊(height − kernel) / stride⌋ + 1: rows and columns that fill no whole window are left out. The gradient goes to the
/// first largest value of a window.
public func maxPool2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, kernel: Extent, stride: Extent? = nil
) -> Tensor<Scalar> {
    precondition(x.rank == 4, "maxPool2D: input is \(x.shape); it must be [batch, height, width, channels].")
    precondition(kernel.height * kernel.width <= 256, "maxPool2D: a window has at most 256 positions.")
    let window = Window(
        input: Extent(x.shape[1], x.shape[2]), channels: x.shape[3], kernel: kernel, stride: stride ?? kernel,
        padding: .valid, dilation: 1)
    precondition(
        window.fits, "maxPool2D: input \(x.shape) is smaller than the window \(kernel.height) × \(kernel.width).")
    let images = x.shape[0]
    let outputShape: Shape = [images, window.output.height, window.output.width, window.channels]
    let (inputSize, outputSize) = (x.count / max(images, 1), outputShape.elementCount / max(images, 1))
    let recording = x.isRecorded
    let winners = Tensor<UInt8>(shape: recording ? outputShape : [0]) { _ in }
    let y = Tensor<Scalar>(shape: outputShape) { out in
        x.withUnsafeBuffer { x in
            winners.withUnsafeBuffer { winners in
                parallel(images) { n in
                    var description = window.kernelDescription
                    let index = UnsafeMutablePointer(mutating: winners.baseAddress!) + (recording ? n * outputSize : 0)
                    Scalar.kernels.max_pool(
                        &description, x.baseAddress! + n * inputSize, out.baseAddress! + n * outputSize,
                        recording ? index : nil)
                }
            }
        }
    }
    let inputShape = x.shape
    return y.recorded(from: x) { gradient in
        Tensor(shape: inputShape) { out in
            out.zero()
            gradient.withUnsafeBuffer { dy in
                winners.withUnsafeBuffer { winners in
                    parallel(images) { n in
                        var description = window.kernelDescription
                        Scalar.kernels.max_pool_gradient(
                            &description, dy.baseAddress! + n * outputSize, winners.baseAddress! + n * outputSize,
                            out.baseAddress! + n * inputSize)
                    }
                }
            }
        }
    }
}
