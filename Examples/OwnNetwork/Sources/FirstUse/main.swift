// A layer, a network, a data set, a loss, a schedule, and a training loop of one's own; saved, and resumed exactly.
import Ductus

/// x² + b, with one b per channel.
struct ShiftedSquare: Layer {
    let shift: Parameter
    init(_ channels: Int) { shift = Parameter(.zeros([channels])) }
    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { x.squared() + shift.value }
}

struct Curve: Network {
    let layers = [Dense(1, 16, activation: .tanh), Dense(16, 8)]
    let bend = ShiftedSquare(8)
    let head = Dense(8, 1)
    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { head(bend(layers.reduce(x) { $1($0) })) }
}

struct Halving: Schedule {
    static let name = "halving"
    func factor(step: Int, of total: Int) -> Double { 2 * step < total ? 1 : 0.5 }
}

/// Points of a parabola, made on demand.
let points = BatchLoader(
    widths: [Int](repeating: 1, count: 256), batchSize: 32, shuffles: true, seed: 7, name: { "point \($0)" },
    example: { index, _ in
        let x = Float(index) / 128 - 1
        return Example(input: Tensor([x]), targets: Tensor([3 * x * x - 1]))
    })

/// log cosh of the errors: squares for small ones, magnitudes for large ones.
func logCosh(_ output: Tensor<Float>, _ targets: Tensor<Float>) -> Tensor<Float> {
    (output - targets).cosh().log().mean()
}

struct Training {
    let network = Initialization.seeded(1) { Curve() }
    var optimizer = Optimizer(.adam(), rate: 0.01, schedule: Halving())

    /// Trains some of ten epochs; returns the last loss.
    mutating func run(epochs: Range<Int>) throws -> Float {
        optimizer.totalSteps = 10 * points.batchesPerEpoch
        var last = Float.nan
        for epoch in epochs {
            for indices in points.plan(epoch: epoch) {
                let batch = try points.load(indices, epoch: epoch)
                guard let targets = batch.targets else { continue }
                let (loss, gradients) = valueAndGradient(of: network) { logCosh($0(batch.input), targets) }
                optimizer.step(gradients)
                last = loss.item()
            }
        }
        return last
    }
}

var whole = Training()
let loss = try whole.run(epochs: 0..<10)

var (first, second) = (Training(), Training())
_ = try first.run(epochs: 0..<4)
var archive = TensorArchive()
first.network.save(to: &archive)
first.optimizer.save(to: &archive, of: first.network)
try archive.write(to: CommandLine.arguments[1])

let saved = try TensorArchive(contentsOf: CommandLine.arguments[1])
try second.network.load(from: saved)
try second.optimizer.load(from: saved, of: second.network)
print("loss \(loss); resumed \(try second.run(epochs: 4..<10) == loss ? "exactly" : "otherwise")")
