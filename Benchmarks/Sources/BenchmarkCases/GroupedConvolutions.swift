import Ductus

/// One convolution of groups, padded by half the kernel: images, channels, extents, filters, groups.
private struct Geometry: Sendable {
    let name: String
    let images: Int, channels: Int, size: Int, filters: Int, kernel: Int, groups: Int
    var stride = 1

    var flops: Double {
        let pixels = images * (size / stride) * (size / stride)
        return 2 * Double(pixels) * Double(channels / groups * kernel * kernel * filters)
    }

    func operands() -> [Tensor<Float>] {
        [
            random([images, size, size, channels]), random([kernel, kernel, channels / groups, filters]),
            random([filters]),
        ]
    }

    func convolve(_ operands: [Tensor<Float>]) -> Tensor<Float> {
        convolution2D(
            operands[0], weight: operands[1], bias: operands[2], stride: IntPair(stride, stride),
            padding: .zeros(kernel / 2), groups: groups)
    }
}

extension Case {
    static let groupedConvolutions = geometries.flatMap { geometry in
        [
            Case(geometry.name + " fwd", .flops(geometry.flops)) {
                let operands = geometry.operands()
                return { _ = geometry.convolve(operands) }
            },
            Case(geometry.name + " fwd+bwd", .flops(geometry.flops) * 3) {
                BenchmarkCases.forwardAndBackward(geometry.operands(), geometry.convolve)
            },
        ]
    }

    private static let geometries = [
        Geometry(
            name: "depthwise3x3 N8 C128 56x56", images: 8, channels: 128, size: 56, filters: 128, kernel: 3,
            groups: 128),
        Geometry(
            name: "depthwise3x3s2 N8 C128 56x56", images: 8, channels: 128, size: 56, filters: 128, kernel: 3,
            groups: 128, stride: 2),
        Geometry(
            name: "depthwise5x5 N8 C256 28x28", images: 8, channels: 256, size: 28, filters: 256, kernel: 5,
            groups: 256),
        Geometry(
            name: "depthwise3x3 N1 C512 14x14", images: 1, channels: 512, size: 14, filters: 512, kernel: 3,
            groups: 512),
        Geometry(
            name: "conv3x3g32 N8 C128 28x28 K128", images: 8, channels: 128, size: 28, filters: 128, kernel: 3,
            groups: 32),
        Geometry(
            name: "conv3x3g4 N8 C128 28x28 K128", images: 8, channels: 128, size: 28, filters: 128, kernel: 3,
            groups: 4),
    ]
}
