//! A network of one's own, trained by a model and by a loop.

// snippet.hide
import Ductus

// snippet.show
// snippet.network
struct Spirals: Network {
    let hidden = Sequential {
        Dense(2, 32, activation: .tanh)
        Dense(32, 32, activation: .tanh)
    }
    let head = Dense(32, 2)

    func callAsFunction(_ points: Tensor<Float>) -> Tensor<Float> { head(hidden(points)) }
}
// snippet.end

// snippet.data
/// Points of two spirals, and which spiral each is from.
func spirals(_ count: Int, seed: UInt64) -> (points: Tensor<Float>, labels: Tensor<Int32>) {
    var random = RandomStream(seed: seed)
    let angles = Tensor<Float>.uniform([count], from: 0, to: 9, using: &random)
    let labels = Tensor((0..<count).map { Int32($0 % 2) })
    let turned = angles + Tensor<Float>(labels) * Float.pi
    let points = Tensor.concatenated(
        [(turned.cos() * angles).expandingShape(at: 1), (turned.sin() * angles).expandingShape(at: 1)], axis: 1)
    return (points / 9, labels)
}
// snippet.end

// snippet.loop
let network = Spirals()
var optimizer = Optimizer.adamW(rate: 1e-2)
let (points, labels) = spirals(512, seed: 1)

for step in 0..<300 {
    let (loss, gradients) = valueAndGradient(of: network) {
        softmaxCrossEntropy($0(points), labels)
    }
    optimizer.step(gradients)
    if step % 100 == 0 { print(step, loss.item()) }
}

let (unseen, truth) = spirals(256, seed: 2)
let right = zip(network(unseen).argmax().scalars, truth.scalars).count { $0 == $1 }
print("\(right) of \(truth.count) new points are right.")
// snippet.end
