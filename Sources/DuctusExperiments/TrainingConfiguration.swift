/// How a network is trained: `training` in an experiment's file.
public struct TrainingConfiguration: Configuration, Equatable {
    /// How often all samples are seen; less often if a callback ends the training first.
    public var epochs = 10
    /// Samples of a step.
    public var batchSize = 16
    /// How a gradient becomes a step: one of `Registries.optimizers`.
    public var optimizer: Choice = "adamW"
    /// The largest learning rate.
    public var rate = 1e-3
    /// How the rate changes: one of `Registries.schedules`.
    public var schedule: Choice = "oneCycle"
    /// Gradients of a larger global norm are scaled down to it; none is, if absent.
    public var clipNorm: Double? = 5
    /// How slowly the moving average of the weights forgets, such as 0.9995; none is kept, if absent. Where one is, it is
    /// what is validated and kept as the best; see `WeightAverage`.
    public var average: Double?
    /// What is minimized: one of `Registries.losses`; what suits the task and the network, if absent.
    public var loss: Choice?
    /// What validation reports beside the loss: some of `Registries.metrics`; what suits the task, if absent.
    public var metrics: [Choice]?
    /// Distortions of training samples; none, if absent.
    public var augmentation: Augmentation?
    /// What else happens during the training: some of `Registries.callbacks`.
    public var callbacks: [Choice] = []
    /// What tells the best epoch: `loss`, or the name of a metric or of what a callback measures; the first metric, if
    /// absent.
    public var monitor: String?
    /// A weights file, or a run's directory, whose parameters the network begins with where they fit
    /// (`Module.loadMatching`): those of an easier task, or of a network with the same first layers. `$NAME` at the start
    /// stands for an environment variable.
    public var startsFrom: String?
    /// What first weights, order, augmentation and dropout follow from.
    public var seed: UInt64 = 1

    /// The defaults.
    public init() {}

    public var problem: String? {
        problem("epochs", epochs, in: 1...1_000_000) ?? problem("batchSize", batchSize, in: 1...65_536)
            ?? problem("rate", rate, in: 0...1000) ?? problem("clipNorm", clipNorm, in: 1e-9...1e9)
            ?? problem("average", average, in: 0...0.999999) ?? problem("augmentation", augmentation)
    }
}
