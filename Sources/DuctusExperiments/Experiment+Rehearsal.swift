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
    /// What further steps took; nil if that was not asked for.
    public let cost: TrainingCost?
}

/// What training takes, measured on some of its batches.
public struct TrainingCost: Sendable, Codable, Equatable {
    /// The number of parameters.
    public let parameters: Int
    /// The number of batches of an epoch.
    public let batchesPerEpoch: Int
    /// The number of batches that were measured.
    public let measuredBatches: Int
    /// The seconds that the batches of an epoch take, without validation: those measured, times the number of batches.
    public let secondsPerEpoch: Double
    /// The most memory that the program used so far, data included, in bytes; nil if that is not known.
    public let peakMemory: Int?
}

extension Experiment {
    /// Rehearses training without a trace: makes all components, takes one step, validates on one batch, and writes a
    /// checkpoint into memory, from which it is read back. That takes seconds, since only a few samples are read.
    ///
    /// - Parameter seconds: if given, all samples are read, and more steps are taken to measure their cost: eight, or as many
    ///   as begin within that time.
    /// - Throws: what training would throw, as far as these samples show it.
    public func rehearse(measuringFor seconds: Double? = nil) throws -> Rehearsal {
        let preparation = seconds == nil ? Preparation(rehearsing: self) : Preparation(self)
        let plan = try plan(preparation)
        try loadInitialWeights(plan, preparation)
        let chosen = try callbackConfigurations()
        let monitor = try monitor(plan, chosen)
        let context = CallbackContext(experiment: self, plan: plan, monitor: monitor, directory: "")
        for callback in chosen { _ = try callback.callback(for: context) }
        _ = try trackers()
        return try rehearse(plan.network, plan, seconds)
    }

    private func rehearse<N: ConfigurableNetwork>(
        _ network: N, _ plan: TrainingPlan, _ seconds: Double?
    ) throws -> Rehearsal {
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
            checkpointBytes: bytes.count, cost: try seconds.map { try cost(of: &model, plan, seconds: $0) })
    }

    /// Measures some steps of a model that has taken its first, which finds memory and kernels.
    private func cost<N: ConfigurableNetwork>(
        of model: inout Model<N>, _ plan: TrainingPlan, seconds: Double
    ) throws -> TrainingCost {
        let start = ContinuousClock.now
        let measured = Mutex((count: 0, time: Duration.zero))
        let watch = Callback(
            afterBatch: { _ in measured.withLock { $0 = ($0.count + 1, .now - start) } },
            isInterrupted: { .now - start > .seconds(seconds) })
        do {
            try model.fit(plan.training.prefix(8), epochs: 1, callbacks: [watch], seed: training.seed)
        } catch is TrainingInterruption {}
        let (count, time) = measured.withLock { $0 }
        return TrainingCost(
            parameters: model.network.parameterCount, batchesPerEpoch: plan.training.batchesPerEpoch,
            measuredBatches: count,
            secondsPerEpoch: time / .seconds(1) / Double(max(count, 1)) * Double(plan.training.batchesPerEpoch),
            peakMemory: ProcessUsage.peakMemory)
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
