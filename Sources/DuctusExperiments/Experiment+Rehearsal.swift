import Synchronization

/// What came of a rehearsal.
public struct Rehearsal: Sendable {
    /// The number of parameters that are trained.
    public let parameters: Int
    /// The measurements of the step.
    public let step: StepRecord
    /// The validation results of one batch; empty without validation data.
    public let validation: [String: Double]
    /// The size of a checkpoint in bytes.
    public let checkpointBytes: Int
}

extension Experiment {
    /// Rehearses training, in seconds and without a trace: makes all components, takes one step, validates on one batch,
    /// and writes a checkpoint into memory, from which it is read back. A few samples are read.
    /// - Throws: what training would throw, as far as these samples show it.
    public func rehearse() throws -> Rehearsal {
        let preparation = Preparation(rehearsing: self)
        let plan = try plan(preparation)
        try loadInitialWeights(plan, preparation)
        let chosen = try callbackConfigurations()
        let monitor = try monitor(plan, chosen)
        let context = CallbackContext(experiment: self, plan: plan, monitor: monitor, directory: "")
        for callback in chosen { _ = try callback.callback(for: context) }
        _ = try trackers()
        return try rehearse(plan.network, plan)
    }

    private func rehearse<N: ConfigurableNetwork>(_ network: N, _ plan: TrainingPlan) throws -> Rehearsal {
        var model = try model(network, plan)
        let seen = Mutex<(step: StepRecord?, bytes: [UInt8])>((nil, []))
        let watch = Callback(
            afterBatch: { context in seen.withLock { $0.step = context.step } },
            afterEpoch: { context in
                let bytes = try Checkpoint.archive(context, model: plan.model).encoded()
                seen.withLock { $0.bytes = bytes }
                return .continue
            })
        let history = try model.fit(
            plan.training.prefix(1), epochs: 1, validating: plan.validation?.prefix(1), callbacks: [watch],
            seed: training.seed)
        let (step, bytes) = seen.withLock { $0 }
        guard let step, let record = history.last else { throw TrainingError("There are no samples to train on.") }
        try network.load(from: TensorArchive(bytes, path: "the checkpoint"))
        return Rehearsal(
            parameters: network.parameterCount, step: step, validation: record.validation,
            checkpointBytes: bytes.count)
    }

    /// Searches for a learning rate; see `Model.searchRate`.
    /// - Throws: what training would throw.
    public func searchRate(steps: Int = 100, features: FeatureStore? = nil) throws -> RateSearch {
        let preparation = Preparation(self, features: features)
        let plan = try plan(preparation)
        try loadInitialWeights(plan, preparation)
        return try searchRate(plan.network, plan, steps)
    }

    private func searchRate<N: ConfigurableNetwork>(
        _ network: N, _ plan: TrainingPlan, _ steps: Int
    ) throws -> RateSearch {
        var model = try model(network, plan)
        return try model.searchRate(
            plan.training, steps: steps, seed: training.seed)
    }

    /// The model that is trained.
    func model<N: ConfigurableNetwork>(_ network: N, _ plan: TrainingPlan) throws -> Model<N> {
        Model(
            network, loss: plan.loss, metrics: plan.metrics, optimizer: try optimizer(),
            average: training.average.map { WeightAverage(decay: $0) })
    }
}
