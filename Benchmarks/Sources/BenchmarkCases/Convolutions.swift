import Ductus

/// One convolution, written the way papers do: images, channels, extents, filters.
private struct Geometry: Sendable {
    let name: String
    let images: Int, channels: Int, height: Int, width: Int, filters: Int, kernel: Int
    var padding = 0
    var dilation = 1

    var flops: Double {
        let lost = dilation * (kernel - 1) - 2 * padding
        return 2 * Double(images * (height - lost) * (width - lost))
            * Double(channels * kernel * kernel * filters)
    }
}

extension Case {
    static let convolutions = geometries.flatMap { [forward($0), forwardAndBackward($0)] } + transposed

    private static let transposed = {
        let name = "convT2x2s2 N8 C128 32x32 K64"
        let flops = 2 * Double(8 * 32 * 32) * Double(128 * 64 * 4)
        @Sendable func enlarge(_ operands: [Tensor<Float>]) -> Tensor<Float> {
            transposedConvolution2D(operands[0], weight: operands[1], bias: operands[2], stride: 2)
        }
        @Sendable func operands() -> [Tensor<Float>] {
            [random([8, 32, 32, 128]), random([2, 2, 128, 64]), random([64])]
        }
        return [
            Case(name + " fwd", .flops(flops)) {
                let operands = operands()
                return { _ = enlarge(operands) }
            },
            Case(name + " fwd+bwd", .flops(flops) * 3) { BenchmarkCases.forwardAndBackward(operands(), enlarge) },
        ]
    }()

    private static let geometries = [
        Geometry(
            name: "conv3x3 N1 C64 56x56 K64", images: 1, channels: 64, height: 56, width: 56, filters: 64, kernel: 3,
            padding: 1),
        Geometry(
            name: "conv3x3 N32 C64 56x56 K64", images: 32, channels: 64, height: 56, width: 56, filters: 64,
            kernel: 3, padding: 1),
        Geometry(
            name: "conv3x3 N128 C1 28x28 K32", images: 128, channels: 1, height: 28, width: 28, filters: 32,
            kernel: 3),
        Geometry(
            name: "conv3x3 N128 C32 28x28 K64", images: 128, channels: 32, height: 28, width: 28, filters: 64,
            kernel: 3),
        Geometry(
            name: "conv3x3 N16 C64 28x952 K64", images: 16, channels: 64, height: 28, width: 952, filters: 64,
            kernel: 3, padding: 1),
        Geometry(
            name: "conv3x3 N1 C16 256x256 K16", images: 1, channels: 16, height: 256, width: 256, filters: 16,
            kernel: 3, padding: 1),
        Geometry(
            name: "conv3x3d4 N1 C16 256x256 K16", images: 1, channels: 16, height: 256, width: 256, filters: 16,
            kernel: 3, padding: 4, dilation: 4),
        Geometry(
            name: "conv1x1 N32 C256 14x14 K256", images: 32, channels: 256, height: 14, width: 14, filters: 256,
            kernel: 1),
    ]

    private static func forward(_ g: Geometry) -> Case {
        Case(g.name + " fwd", .flops(g.flops)) {
            let (x, w, b) = operands(g)
            return { _ = convolve(g, x, w, b) }
        }
    }

    private static func forwardAndBackward(_ g: Geometry) -> Case {
        // Nobody asks for the gradient of an image.
        let needsInput = g.channels > 1
        return Case(g.name + " fwd+bwd", .flops(g.flops) * (needsInput ? 3 : 2)) {
            let (x, w, b) = operands(g)
            return needsInput
                ? BenchmarkCases.forwardAndBackward([x, w, b]) { convolve(g, $0[0], $0[1], $0[2]) }
                : BenchmarkCases.forwardAndBackward([w, b]) { convolve(g, x, $0[0], $0[1]) }
        }
    }

    private static func operands(_ g: Geometry) -> (x: Tensor<Float>, weight: Tensor<Float>, bias: Tensor<Float>) {
        (
            random([g.images, g.height, g.width, g.channels]),
            random([g.kernel, g.kernel, g.channels, g.filters]), random([g.filters])
        )
    }

    private static func convolve(
        _ g: Geometry, _ x: Tensor<Float>, _ weight: Tensor<Float>, _ bias: Tensor<Float>
    ) -> Tensor<Float> {
        convolution2D(
            x, weight: weight, bias: bias, padding: g.padding == 0 ? .valid : .same,
            dilation: IntPair(g.dilation, g.dilation))
    }
}
