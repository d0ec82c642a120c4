import CDuctusKernels

// An implicit matrix product that reads pixels in place, from a zero-padded input.
extension Convolution {
    func directOutput(
        _ x: Tensor<Scalar>, _ panels: Tensor<Scalar>, _ bias: Tensor<Scalar>?, _ activation: Activation
    ) -> Tensor<Scalar> {
        let padded = x.zeroPadded(window.top, window.bottom, window.left, window.right)
        let work = window.output.width * window.reduction * outputs
        return Tensor(shape: outputShape) { out in
            withDescription { description in
                withElements(of: bias) { bias in
                    padded.withUnsafeBuffer { x in
                        panels.withUnsafeBuffer { w in
                            parallelRanges(outputRows, grain: max(1, (1 << 20) / max(work, 1))) { rows in
                                Scalar.kernels.convolve(
                                    description, x.baseAddress!, w.baseAddress!, bias, activation.kernel,
                                    rows.lowerBound, rows.upperBound, out.baseAddress!)
                            }
                        }
                    }
                }
            }
        }
    }

    func directWeightGradient(_ x: Tensor<Scalar>, _ gradient: Tensor<Scalar>) -> Tensor<Scalar> {
        let padded = x.zeroPadded(window.top, window.bottom, window.left, window.right)
        // Threads divide the gradient's rows, not the pixels, so that no sum is split.
        let grain = max(12, (window.reduction + 15) / 16 / 12 * 12)
        return Tensor(shape: [window.reduction, outputs]) { out in
            out.zero()
            withDescription { description in
                padded.withUnsafeBuffer { x in
                    gradient.withUnsafeBuffer { dy in
                        parallelRanges(window.reduction, grain: grain) { rows in
                            Scalar.kernels.convolve_weight_gradient(
                                description, images, x.baseAddress!, dy.baseAddress!, rows.lowerBound,
                                rows.upperBound, out.baseAddress!)
                        }
                    }
                }
            }
        }
    }

    /// Calls `body` with the geometry for a padded input. Channels may be some of those of pixels with more.
    ///
    /// - Parameters:
    ///   - channels: the channels of the input's pixels; those of the window by default.
    ///   - pixelOutputs: the channels of the output's pixels; those of the convolution by default.
    func withDescription(
        channels: Int? = nil, outputs pixelOutputs: Int? = nil, _ body: (UnsafePointer<ductus_convolution>) -> Void
    ) {
        let channels = channels ?? window.channels
        let row = window.paddedInput.width * channels
        var offsets: [Int] = []
        offsets.reserveCapacity(window.reduction)
        for u in 0..<window.kernel.height {
            for v in 0..<window.kernel.width {
                let start = u * window.dilation.height * row + v * window.dilation.width * channels
                offsets.append(contentsOf: start..<start + window.channels)
            }
        }
        offsets.withUnsafeBufferPointer {
            var description = ductus_convolution(
                out_height: window.output.height, out_width: window.output.width, out_channels: outputs,
                out_step: pixelOutputs ?? outputs,
                image_stride: window.paddedInput.height * row, row_step: window.stride.height * row,
                pixel_step: window.stride.width * channels, reduction: window.reduction,
                offsets: $0.baseAddress!)
            body(&description)
        }
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// A zero-padded NHWC batch. Not recorded.
    func zeroPadded(_ top: Int, _ bottom: Int, _ left: Int, _ right: Int) -> Tensor {
        guard top + bottom + left + right > 0 else { return self }
        let (height, width, channels) = (shape[1], shape[2], shape[3])
        let row = (left + width + right) * channels
        let image = (top + height + bottom) * row
        return Tensor(shape: [shape[0], top + height + bottom, left + width + right, channels]) { out in
            withUnsafeBuffer { x in
                parallel(shape[0]) { n in
                    let y = out.baseAddress! + n * image
                    y.zero(top * row)
                    for h in 0..<height {
                        let to = y + (top + h) * row
                        to.zero(left * channels)
                        (to + left * channels).update(
                            from: x.baseAddress! + (n * height + h) * width * channels, count: width * channels)
                        (to + (left + width) * channels).zero(right * channels)
                    }
                    (y + (top + height) * row).zero(bottom * row)
                }
            }
        }
    }
}
