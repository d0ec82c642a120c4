import Ductus

extension Case {
    static let normalizations = batchNorms + layerNorms + softmaxes

    private static let images: Shape = [32, 56, 56, 64]

    private static let batchNorms = [
        Case("batchnorm 32x64x56x56 infer", .floats(images.elementCount) * 2) {
            let (x, layer) = (random(images), BatchNorm(64))
            return { _ = layer(x) }
        },
        Case("batchnorm 32x64x56x56 train fwd+bwd", .floats(images.elementCount) * 7) {
            let layer = BatchNorm(64)
            return forwardAndBackward([random(images)]) { layer($0[0]) }
        },
    ]

    private static let layerNorms: [Case] = {
        let rows: Shape = [4096, 256]
        return [
            Case("layernorm 4096x256 fwd", .floats(rows.elementCount) * 2) {
                let (x, layer) = (random(rows), LayerNorm(256))
                return { _ = layer(x) }
            },
            Case("layernorm 4096x256 fwd+bwd", .floats(rows.elementCount) * 6) {
                let layer = LayerNorm(256)
                return forwardAndBackward([random(rows)]) { layer($0[0]) }
            },
        ]
    }()

    private static let softmaxes = [
        softmax("softmax") { $0.softmax() }, softmax("log_softmax") { $0.logSoftmax() },
    ].flatMap { $0 }

    private static func softmax(
        _ name: String, _ function: @escaping @Sendable (Tensor<Float>) -> Tensor<Float>
    ) -> [Case] {
        let shape: Shape = [4096, 83]
        return [
            Case("\(name) 4096x83 fwd", .floats(shape.elementCount) * 2) {
                let x = random(shape)
                return { _ = function(x) }
            },
            Case("\(name) 4096x83 fwd+bwd", .floats(shape.elementCount) * 5) {
                forwardAndBackward([random(shape)]) { function($0[0]) }
            },
        ]
    }
}
