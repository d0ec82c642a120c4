extension GroupedConvolution {
    /// The adjoint, a convolution of stride 1 over a gradient with zeros between its pixels; `nil` if there is none, because
    /// the padding is wider than the kernel.
    var adjoint: Convolution<Scalar>? {
        func sides(_ axis: KeyPath<IntPair, Int>, _ before: Int, _ after: Int) -> (spread: Int, before: Int, after: Int)
        {
            let reach = window.dilation[keyPath: axis] * (window.kernel[keyPath: axis] - 1)
            let spread = (window.output[keyPath: axis] - 1) * window.stride[keyPath: axis] + 1
            // What no window reads gets no gradient.
            let rest = window.paddedInput[keyPath: axis] - reach - spread
            return (spread, reach - before, reach - after + rest)
        }
        let (rows, columns) = (
            sides(\.height, window.top, window.bottom), sides(\.width, window.left, window.right)
        )
        guard min(rows.before, rows.after, columns.before, columns.after) >= 0 else { return nil }
        let adjoint = Window(
            input: IntPair(rows.spread, columns.spread), channels: whole.outputs, kernel: window.kernel,
            dilation: window.dilation, top: rows.before, bottom: rows.after, left: columns.before,
            right: columns.after)
        return Convolution(window: adjoint, images: whole.images, outputs: window.channels)
    }

    /// The kernel of the adjoint, `[height, width, out / groups, in]`: every group's, rotated by 180°, with in and out
    /// exchanged.
    func adjointWeights(_ weight: Tensor<Scalar>) -> Tensor<Scalar> {
        Tensor(shape: [window.kernel.height, window.kernel.width, outputs, window.channels]) { out in
            weight.withUnsafeBuffer { w in
                for tap in 0..<taps {
                    for group in 0..<groups {
                        for o in 0..<outputs {
                            for i in 0..<inputs {
                                out[(tap * outputs + o) * window.channels + group * inputs + i] =
                                    w[((taps - 1 - tap) * inputs + i) * whole.outputs + group * outputs + o]
                            }
                        }
                    }
                }
            }
        }
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// This NHWC batch with `stride` − 1 zeros between pixels. Not recorded.
    func spread(_ stride: IntPair) -> Tensor {
        guard stride != 1, count > 0 else { return self }
        let (height, width, channels) = (shape[1], shape[2], shape[3])
        let (tall, wide) = ((height - 1) * stride.height + 1, (width - 1) * stride.width + 1)
        return Tensor(shape: [shape[0], tall, wide, channels]) { out in
            out.zero()
            withUnsafeBuffer { x in
                for row in 0..<shape[0] * height {
                    let y = (row / height * tall + row % height * stride.height) * wide
                    for column in 0..<width {
                        (out.baseAddress! + (y + column * stride.width) * channels).update(
                            from: x.baseAddress! + (row * width + column) * channels, count: channels)
                    }
                }
            }
        }
    }
}
