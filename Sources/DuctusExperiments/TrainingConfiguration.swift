/// How a network is trained: `training` in the configuration file of an experiment.
public struct TrainingConfiguration: Configuration, Equatable {
    /// The number of epochs, unless a callback stops training earlier.
    public var epochs = 10
    /// The number of samples per step.
    public var batchSize = 16
    /// The number of shards that every batch is cut into: a multiple of the number of processes that train together. Samples of
    /// a shard are computed at once, so that several shards also save memory. See `Sharding`.
    public var shards = 1
    /// How the gradients of shards are added: `ordered`, with the same result for any number of processes, `fast`, or
    /// `bfloat16`, which sends half as much. See `Sharding.Reduction`.
    public var reduction = Sharding.Reduction.ordered
    /// The size in bytes from which on processes send each other gradients while they compute the next ones.
    public var bucketBytes = 1 << 19
    /// The optimizer: one of `Registries.optimizers`.
    public var optimizer: Choice = "adamW"
    /// The maximum learning rate.
    public var rate = 1e-3
    /// The learning rate schedule: one of `Registries.schedules`.
    public var schedule: Choice = "oneCycle"
    /// The global norm that gradients are clipped to; no clipping if absent.
    public var clipNorm: Double? = 5
    /// The decay of the moving average of the weights, such as 0.9995, which is used for validation and for the best
    /// weights; no average if absent. See `WeightAverage`.
    public var average: Double?
    /// The loss: one of `Registries.losses`; if absent, that of the task and network.
    public var loss: Choice?
    /// The validation metrics: any of `Registries.metrics`; if absent, those of the task.
    public var metrics: [Choice]?
    /// The augmentation of training samples; none if absent.
    public var augmentation: Augmentation?
    /// The callbacks: any of `Registries.callbacks`.
    public var callbacks: [Choice] = []
    /// The programs that show the run: any of `Registries.trackers`.
    public var trackers: [Choice] = []
    /// The number of steps between two checkpoints within an epoch; if absent, there is one every minute.
    public var checkpointEvery: Int?
    /// The validation value that determines the best epoch: `loss`, a metric, or a value that a callback measures; if
    /// absent, the first metric.
    public var monitor: String?
    /// A weights file or run to start from. Parameters with the same name and shape are loaded (`Module.loadMatching`), so
    /// it may be of an easier task, or of a network with the same first layers. An environment variable `$NAME` at the
    /// start is replaced. `pretrained` and `open` stand for the weights for the task that come with Ductus.
    public var startsFrom: String?
    /// The seed of initial weights, order, augmentation, and dropout.
    public var seed: UInt64 = 1

    /// The defaults.
    public init() {}

    public var problem: String? {
        problem("epochs", epochs, in: 1...1_000_000) ?? problem("batchSize", batchSize, in: 1...65_536)
            ?? problem("shards", shards, in: 1...65_536)
            ?? problem("bucketBytes", bucketBytes, in: 1...1 << 40)
            ?? problem("checkpointEvery", checkpointEvery, in: 1...1_000_000_000)
            ?? problem("rate", rate, in: 0...1000) ?? problem("clipNorm", clipNorm, in: 1e-9...1e9)
            ?? problem("average", average, in: 0...0.999999) ?? problem("augmentation", augmentation)
    }
}
