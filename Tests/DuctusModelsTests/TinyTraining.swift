import DuctusModels
import DuctusTestSupport
import Synchronization

/// A network that trains in a second and has everything that must be reproducible: convolutions, batch statistics,
/// dropout, and a parameter without axes.
struct TinyNetwork: Network {
    let conv = Conv2D(1, 3, activation: .relu)
    let norm = BatchNorm(3)
    let hidden = Dense(48, 8, activation: .relu)
    let dropout = Dropout(0.3)
    let head = Dense(8, 3)
    let gate = Parameter(Tensor<Float>(1))

    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        head(dropout(hidden(norm(conv(x)).flattened(from: 1)))) * gate.value
    }
}

/// A deliberate interruption of a training run.
struct Interruption: Error {}

/// A small training run that always has the same data, initial weights, and seed.
struct TinyTraining {
    var epochs = 2
    var seed: UInt64 = 1
    var callbacks: [Callback] = []
    var sharding = Sharding()
    var batchSize = 4

    static let batchesPerEpoch = 3

    /// Eleven images of three classes: batches of 4, 4 and 3.
    static func data(count: Int = 11, names: String = "image") -> ExampleCache {
        ExampleCache(
            examples: (0..<count).map {
                Example(input: .sample([6, 6, 1], seed: UInt64($0)), labels: Tensor(Int32($0 % 3)))
            },
            names: (0..<count).map { "\(names) \($0)" }, expectation: Expectation(shape: [6, 6, 1], classes: 3))
    }

    static func model(metrics: [Metric] = [.accuracy], rate: Double = 0.01) -> Model<TinyNetwork> {
        Model(
            Initialization.seeded(1) { TinyNetwork() }, loss: .softmaxCrossEntropy, metrics: metrics,
            optimizer: .adamW(rate: rate, schedule: .oneCycle(warmup: 0.3), clipNorm: 1))
    }

    /// Trains, from a checkpoint if given, and returns the final network and history.
    func run(from checkpoint: Checkpoint? = nil) throws -> Outcome {
        var model = Self.model()
        if let checkpoint { try model.restore(checkpoint) }
        let loader = BatchLoader(
            Self.data(), batchSize: batchSize, shuffles: true, seed: seed,
            augmentation: Augmentation(scale: 0.1, shift: 0.1, elasticity: 0.05, noise: 0.02))
        let history = try model.fit(
            loader, epochs: epochs, validating: BatchLoader(Self.data(count: 5), batchSize: 4, shuffles: false),
            callbacks: callbacks, from: checkpoint?.state ?? TrainingState(), seed: seed,
            sharding: sharding)
        return Outcome(model.network, history)
    }

    /// Interrupts the run after `count` batches.
    static func interruption(afterBatches count: Int) -> Callback {
        let done = Mutex(0)
        return Callback(afterBatch: { _ in
            let reached = done.withLock {
                $0 += 1
                return $0 == count
            }
            if reached { throw Interruption() }
        })
    }
}

/// The result of a training run, to be compared bit by bit.
struct Outcome: Equatable {
    let weights: [String: [UInt32]]
    let losses: [Double]
    let validation: [[String: Double]]

    init(_ network: some Network, _ history: [EpochRecord]) {
        weights = Dictionary(
            uniqueKeysWithValues: network.namedParameters.map {
                ($0.name, $0.parameter.stored.scalars.map(\.bitPattern))
            })
        losses = history.map(\.loss)
        validation = history.map(\.validation)
    }
}
