// From a tensor to a trained network. Read this from top to bottom, and run it:
//
//     swift run -c release LabTour

import Ductus
import LabKit

Lab.run { lab in
    // 1. A tensor is an array with a shape. Arithmetic is elementwise, and smaller operands are broadcast: here, the
    //    means of the columns are subtracted from every row.
    let x: Tensor<Float> = [[1, 2, 3], [4, 5, 6]]
    print("x is \(x.shape). Minus the means of its columns:\n\(x - x.mean(axes: [0]))")
    print("x times its transpose:\n\(x.matmul(x.transposed()))")

    // 2. Learning is gradient descent. Which slope w has the line y = w t through these points? The loss is the mean of
    //    (w t − y)², its derivative the mean of 2 (w t − y) t: if that is positive, w is too large.
    let t = Tensor<Float>.linspace(-1, 1, count: 21)
    let y = 3 * t
    var w: Tensor<Float> = 0
    for _ in 0..<5 { w -= 0.5 * (2 * (w * t - y) * t).mean() }
    print("After five steps the slope is \(w.item()).")

    // 3. Derivatives are automatic. While the closure runs, a tape records its operations; then it runs backward.
    let (loss, gradients) = valueAndGradient(at: [w]) { ($0[0] * t - y).squared().mean() }
    print("The loss is \(loss.item()); its gradient \(gradients[0].item()), by hand \((2 * (w * t - y) * t).mean()).")

    // 4. A layer is a function with parameters: this one maps two numbers to three, tanh(x W + b).
    let layer = Dense(2, 3, activation: .tanh)
    print("\(layer) has \(layer.parameterCount) parameters; it maps two points to\n\(layer([[0, 1], [1, 0]]))")

    // 5. A network consists of layers (see below) and is trained in the same way: loss, gradients, step, repeat.
    let network = SpiralNetwork()
    let (points, arms) = spirals(400, seed: 1)
    var optimizer = Optimizer.adam(rate: 0.01)
    let steps = lab.scaled(smoke: 20, default: 1_000, full: 5_000)
    func plane() -> Image { .plane(-1.1...1.1, points: points, labels: arms) { network($0).softmax()[..., 1] } }
    var pictures = [plane()]
    for step in 1...steps {
        let (loss, gradients) = valueAndGradient(of: network) { softmaxCrossEntropy($0(points), arms) }
        optimizer.step(gradients)
        if step == steps / 20 || step == steps / 5 || step == steps {
            print("Step \(step): loss \(loss.item())")
            pictures.append(plane())
        }
    }

    // 6. What counts is the accuracy on unseen points.
    let (newPoints, newArms) = spirals(1_000, seed: 2)
    let right = Tensor<Float>(network(newPoints).argmax() .== newArms).mean().item()
    print("The accuracy on unseen points is \(percent(Double(right))).")

    // 7. Save the weights to a file, and load them into another network, which is then identical.
    var archive = TensorArchive()
    network.save(to: &archive)
    try archive.write(to: "\(lab.output)/tour.safetensors")
    let twin = SpiralNetwork()
    try twin.load(from: TensorArchive(contentsOf: "\(lab.output)/tour.safetensors"))
    print("The outputs of the copy are identical: \(twin(newPoints) == network(newPoints)).")

    // 8. Visualize the predictions for the plane: before training and at three later steps.
    try Image.sheet([pictures]).writePNG(to: "\(lab.output)/tour.png")
    print("\(lab.output)/tour.png shows the decision boundary during training.")
}

/// A network is a callable struct whose properties are layers.
struct SpiralNetwork: Network {
    let first = Dense(2, 32, activation: .tanh)
    let second = Dense(32, 32, activation: .tanh)
    let last = Dense(32, 2)
    func callAsFunction(_ points: Tensor<Float>) -> Tensor<Float> { last(second(first(points))) }
}

/// Points `[count, 2]` of a spiral with two intertwined arms, and the arm of each, `[count]`.
func spirals(_ count: Int, seed: UInt64) -> (points: Tensor<Float>, arms: Tensor<Int32>) {
    var random = RandomStream(seed: seed)
    let arms = Tensor<Int32>.arange(Int32(count)) % 2
    let radius = Tensor<Float>.uniform([count], from: 0.1, to: 1, using: &random)
    let angle = 11 * radius + .pi * Tensor<Float>(arms) + .normal([count], standardDeviation: 0.15, using: &random)
    return (.stacked([radius * angle.cos(), radius * angle.sin()], axis: 1), arms)
}
