// From a tensor to a trained network. Read this from top to bottom, and run it:
//
//     swift run -c release LabTour

import Ductus
import LabKit

Lab.run { lab in
    // 1. A tensor is numbers with a shape. Arithmetic is for all of them at once, and what is smaller is broadcast:
    //    here the mean of every column is taken from every row.
    let x: Tensor<Float> = [[1, 2, 3], [4, 5, 6]]
    print("x is \(x.shape). Without its columns' means:\n\(x - x.mean(axes: [0]))")
    print("x times itself, transposed:\n\(x.matmul(x.transposed()))")

    // 2. To learn is to walk downhill. Which slope w has the line y = w t through these points? The loss, the mean of
    //    (w t − y)², has the derivative mean of 2 (w t − y) t: where that is positive, w is too large.
    let t = Tensor<Float>.linspace(-1, 1, count: 21)
    let y = 3 * t
    var w: Tensor<Float> = 0
    for _ in 0..<5 { w -= 0.5 * (2 * (w * t - y) * t).mean() }
    print("After five steps the slope is \(w.item()).")

    // 3. Nobody derives by hand. While the closure runs, a tape records what is computed; then it runs backwards.
    let (loss, gradients) = valueAndGradient(at: [w]) { ($0[0] * t - y).squared().mean() }
    print("The loss is \(loss.item()); its gradient \(gradients[0].item()), by hand \((2 * (w * t - y) * t).mean()).")

    // 4. A layer is a function with parameters: this one makes three numbers of two, tanh(x W + b).
    let layer = Dense(2, 3, activation: .tanh)
    print("\(layer) has \(layer.parameterCount) parameters; of two points it makes\n\(layer([[0, 1], [1, 0]]))")

    // 5. A network is layers (see below), and learns as the line did: loss, gradients, a step, again and again.
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

    // 6. What counts are points that it has never seen.
    let (newPoints, newArms) = spirals(1_000, seed: 2)
    let right = Tensor<Float>(network(newPoints).argmax() .== newArms).mean().item()
    print("Of new points it knows the arm of \(percent(Double(right))).")

    // 7. Its weights go into a file, and from there into another network, which is the same from then on.
    var archive = TensorArchive()
    network.save(to: &archive)
    try archive.write(to: "\(lab.output)/tour.safetensors")
    let twin = SpiralNetwork()
    try twin.load(from: TensorArchive(contentsOf: "\(lab.output)/tour.safetensors"))
    print("Its twin answers alike: \(twin(newPoints) == network(newPoints)).")

    // 8. Look at what it learned: which arm it expects where, at first and three times later.
    try Image.sheet([pictures]).writePNG(to: "\(lab.output)/tour.png")
    print("\(lab.output)/tour.png shows how it came to tell the arms apart.")
}

/// A network is a struct: its properties are layers, and it can be called.
struct SpiralNetwork: Network {
    let first = Dense(2, 32, activation: .tanh)
    let second = Dense(32, 32, activation: .tanh)
    let last = Dense(32, 2)
    func callAsFunction(_ points: Tensor<Float>) -> Tensor<Float> { last(second(first(points))) }
}

/// Points `[count, 2]` of two arms that wind around one another, and the arm of each, `[count]`.
func spirals(_ count: Int, seed: UInt64) -> (points: Tensor<Float>, arms: Tensor<Int32>) {
    var random = RandomStream(seed: seed)
    let arms = Tensor<Int32>.arange(Int32(count)) % 2
    let radius = Tensor<Float>.uniform([count], from: 0.1, to: 1, using: &random)
    let angle = 11 * radius + .pi * Tensor<Float>(arms) + .normal([count], standardDeviation: 0.15, using: &random)
    return (.stacked([radius * angle.cos(), radius * angle.sin()], axis: 1), arms)
}
