import Ductus

extension Case {
    /// The same convolutions by every algorithm that can compute them: what the choice between these rests on.
    static let algorithms = [
        // channels, height, width, kernel, dilation
        (8, 56, 56, 3, 1), (16, 56, 56, 3, 1), (32, 56, 56, 3, 1), (64, 56, 56, 3, 1), (128, 56, 56, 3, 1),
        // Tiles of 4 × 4 that are filled by a quarter, a half, three quarters, wholly.
        (128, 1, 240, 3, 1), (128, 2, 240, 3, 1), (128, 3, 240, 3, 1), (128, 4, 240, 3, 1),
        (32, 64, 64, 3, 8), (16, 64, 64, 7, 7),
    ].flatMap { channels, height, width, kernel, dilation in
        ConvolutionAlgorithm.allCases.filter { $0 != .pointwise && ($0 != .winograd || kernel == 3) }
            .flatMap { algorithm in
                let name = "\(algorithm) \(kernel)x\(kernel) dilation \(dilation) N8 C\(channels) \(height)x\(width)"
                let flops = 2 * Double(8 * height * width) * Double(channels * channels * kernel * kernel)
                @Sendable func operands() -> [Tensor<Float>] {
                    [random([8, height, width, channels]), random([kernel, kernel, channels, channels])]
                }
                @Sendable func convolve(_ operands: [Tensor<Float>]) -> Tensor<Float> {
                    convolution2D(
                        operands[0], weight: operands[1], bias: nil, padding: .same,
                        dilation: IntPair(dilation, dilation))
                }
                return [
                    Case(name + " fwd", .flops(flops)) {
                        let operands = operands()
                        return { ConvolutionAlgorithm.$forced.withValue(algorithm) { _ = convolve(operands) } }
                    },
                    Case(name + " fwd+bwd", .flops(flops) * 3) {
                        let body = forwardAndBackward(operands(), convolve)
                        return { ConvolutionAlgorithm.$forced.withValue(algorithm, operation: body) }
                    },
                ]
            }
    }
}
