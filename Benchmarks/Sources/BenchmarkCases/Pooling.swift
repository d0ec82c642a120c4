import Ductus

extension Case {
    private static let shape: Shape = [32, 56, 56, 64]

    static let pooling = [
        Case("maxpool2 32x64x56x56 fwd", .floats(shape.elementCount) * 1.25) {
            let x = random(shape)
            return { _ = maxPool2D(x, kernel: 2) }
        },
        Case("maxpool2 32x64x56x56 fwd+bwd", .floats(shape.elementCount) * 2.5) {
            forwardAndBackward([random(shape)]) { maxPool2D($0[0], kernel: 2) }
        },
    ]
}
