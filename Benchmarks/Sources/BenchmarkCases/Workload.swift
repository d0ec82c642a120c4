import Ductus

/// A network with the data and the loss that it is trained with.
struct Workload: Sendable {
    let name: String
    /// Images in a training step.
    let batch: Int
    /// Floating-point operations of a forward pass of one image.
    let flops: Double
    /// The shape of one image.
    let image: Shape
    let network: @Sendable () -> any Network
    /// The loss of logits, for so many images.
    let loss: @Sendable (Int) -> (Tensor<Float>) -> Tensor<Float>

    func images(_ count: Int) -> Tensor<Float> { random(Shape([count] + image)) }
}

extension Workload {
    static let mlp = Workload(
        name: "mlp", batch: 128, flops: 2 * Double(784 * 128 + 128 * 128 + 128 * 80), image: [784],
        network: { MLP(.init(classes: 80, width: 128, layers: 2, dropout: 0)) },
        loss: { classification(labels: randomLabels([$0], in: 0..<80)) })

    static let lenet = Workload(
        name: "lenet", batch: 128,
        flops: convolution(1, 32, 26, 26) + convolution(32, 64, 24, 24) + 2 * Double(9216 * 128 + 128 * 80),
        image: [28, 28, 1], network: { SmallConvolutional() },
        loss: { classification(labels: randomLabels([$0], in: 0..<80)) })

    static let crnn = Workload(
        name: "crnn", batch: 16,
        flops: convolution(1, 32, 28, 952) + convolution(32, 64, 14, 476) + convolution(64, 128, 7, 238)
            + [384, 256].reduce(0) {
                $0
                    + Sequences(time: 238, batch: 1, inputs: $1, hidden: 128, isBidirectional: true)
                    .flops(gates: 4)
            } + 2 * Double(238 * 256 * 81),
        image: [28, 952, 1], network: { LineReaderNetwork() }, loss: alignment)

    /// Without noise and without a second head.
    static let residualCRNN = Workload(
        name: "residualCRNN", batch: 16, flops: 2 * Double(ResidualCRNN(plain).summary().multiplyAdds),
        image: [64, 900, 1], network: { ResidualCRNN(plain) }, loss: alignment)

    private static let plain = ResidualCRNN.Configuration(
        classes: 81, dropout: 0, headDropout: 0, maskedShare: 0, shortcut: false)

    static let unet = Workload(
        name: "unet", batch: 8,
        flops: (0...4).reduce(convolution(16, 3, 256, 256, kernel: 1)) { sum, level in
            let (filters, side) = (16 << level, 256 >> level)
            let encoder =
                convolution(level == 0 ? 1 : filters / 2, filters, side, side)
                + convolution(filters, filters, side, side)
            let decoder =
                2 * Double(2 * filters * filters * side * side)
                + convolution(2 * filters, filters, side, side) + convolution(filters, filters, side, side)
            return sum + encoder + (level < 4 ? decoder : 0)
        },
        image: [256, 256, 1], network: { UNet(.init(classes: 3, filters: 16, depth: 4)) },
        loss: { classification(labels: randomLabels([$0, 256, 256], in: 0..<3)) })

    static let fcn = Workload(
        name: "fcn", batch: 8,
        flops: convolution(1, 32, 256, 256) + 5 * convolution(32, 32, 256, 256)
            + convolution(32, 3, 256, 256, kernel: 1),
        image: [256, 256, 1], network: { PixelClassifier() },
        loss: { classification(labels: randomLabels([$0, 256, 256], in: 0..<3)) })

    /// Connectionist temporal classification with texts of fifty characters.
    @Sendable private static func alignment(images: Int) -> (Tensor<Float>) -> Tensor<Float> {
        let labels = randomLabels([images, 50], in: 1..<81)
        let lengths = Array(repeating: 50, count: images)
        return { ctcLoss($0, labels: labels, labelLengths: lengths).mean() / 50 }
    }

    static func classification(labels: Tensor<Int32>) -> (Tensor<Float>) -> Tensor<Float> {
        { softmaxCrossEntropy($0, labels) }
    }

    /// Floating-point operations of a convolution with so many inputs, outputs, rows and columns.
    static func convolution(_ inputs: Int, _ outputs: Int, _ height: Int, _ width: Int, kernel: Int = 3) -> Double {
        2 * Double(inputs * outputs * kernel * kernel) * Double(height * width)
    }
}

extension Case {
    static let networks =
        [
            .mlp, .lenet, .crnn, .residualCRNN, .unet, .fcn,
        ].flatMap { [training($0, batch: $0.batch), inference($0)] } + [training(.mlp, batch: 8)]

    /// A step: forward, backward, Adam.
    private static func training(_ workload: Workload, batch: Int) -> Case {
        Case("train \(workload.name) B\(batch)", .flops(3 * workload.flops * Double(batch))) {
            let (network, images, loss) = (workload.network(), workload.images(batch), workload.loss(batch))
            let parameters = network.trainableParameters
            var optimizer = Optimizer.adam(rate: 1e-4)
            return { optimizer.step(valueAndGradient(of: parameters) { loss(network(images)) }.gradients) }
        }
    }

    private static func inference(_ workload: Workload) -> Case {
        Case("infer \(workload.name) B1", .flops(workload.flops)) {
            let (network, image) = (workload.network(), workload.images(1))
            return { _ = network(image) }
        }
    }
}
