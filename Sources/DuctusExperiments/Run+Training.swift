#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Run {
    /// Starts training, or resumes it from the latest checkpoint. A finished run is left as it is.
    ///
    /// The ranks of `Job.communicator` train together if all of them call this function. Rank 0 alone reads and writes the
    /// files of the run; every rank reads its data.
    ///
    /// - Parameter callbacks: callbacks besides those of the experiment.
    /// - Returns: one record for every epoch of the run, including those before a resumption.
    /// - Throws: ``RunError/inUse(_:)``, `ConfigurationError`, `DatasetError`, `TrainingError`,
    ///   `TrainingInterruption`, or a file error.
    @discardableResult
    public func train(callbacks: [Callback] = [.progress()]) throws -> [EpochRecord] {
        guard Job.communicator.isFirst else { return try follow(callbacks) }
        let lock = try lock()
        return try withExtendedLifetime(lock) {
            try logging {
                do {
                    return try trainLocked(callbacks)
                } catch let error as TrainingError {
                    try saveBatch(of: error)
                    throw error
                } catch let error as FileError where error.isFullDisk && File.exists(path(Checkpoint.lastName)) {
                    throw RunError.fullDisk(directory, file: error.file)
                }
            }
        }
    }

    /// Trains along with rank 0, from which the weights and the state are.
    private func follow(_ callbacks: [Callback]) throws -> [EpochRecord] {
        let plan = try experiment.plan(Preparation(experiment, features: features))
        let monitor = try experiment.monitor(plan, try experiment.callbackConfigurations())
        return try fit(plan, from: nil, monitor, callbacks, TrackerThreads([], directory))
    }

    private func trainLocked(_ callbacks: [Callback]) throws -> [EpochRecord] {
        try removeTemporaryFiles()
        // A run that was interrupted before its first checkpoint starts over.
        let checkpoint = try last
        let preparation = Preparation(experiment, features: features)
        let plan = try experiment.plan(preparation)
        let chosen = try experiment.callbackConfigurations()
        let monitor = try experiment.monitor(plan, chosen)
        let context = CallbackContext(experiment: experiment, plan: plan, monitor: monitor, directory: directory)
        let measuring = try chosen.map { try $0.callback(for: context) }
        if checkpoint == nil { try experiment.loadInitialWeights(plan, preparation) }
        try recordProvenance(preparation, monitor)
        let trackers = TrackerThreads(try experiment.trackers(), directory)
        let history: [EpochRecord]
        do {
            history = try fit(plan, from: checkpoint, monitor, callbacks + measuring, trackers)
            try recordOutcome(history)
        } catch {
            trackers.finish()
            throw error
        }
        trackers.finish()
        try reportRepetition()
        return history
    }

    private func fit<N: ConfigurableNetwork>(
        _ network: N, _ plan: TrainingPlan, from checkpoint: Checkpoint?, _ monitor: Monitor, _ callbacks: [Callback],
        _ trackers: TrackerThreads
    ) throws -> [EpochRecord] {
        var model = try experiment.model(network, plan)
        if let checkpoint { try model.restore(checkpoint) }
        return try model.fit(
            plan.training, epochs: experiment.training.epochs, validating: plan.validation,
            callbacks: callbacks + recording(plan, monitor) + [
                Callback(atStart: { _ in
                    try trackers.start()
                    return .continue
                })
            ],
            from: checkpoint?.state ?? TrainingState(), seed: experiment.training.seed,
            sharding: Sharding(
                shards: experiment.training.shards, reduction: experiment.training.reduction,
                bucketBytes: experiment.training.bucketBytes))
    }

    /// The callbacks that write the files of the run. Checkpoints come after what they must agree with.
    private func recording(_ plan: TrainingPlan, _ monitor: Monitor) throws -> [Callback] {
        let metrics = RecordFile<MetricsLine>(path(Self.metricsName))
        let predictions = RecordFile<PredictionsLine>(path(Self.predictionsName))
        let shown = try ShownSamples(plan).map { [Callback.predictions(of: $0, to: predictions, in: directory)] } ?? []
        let histograms = RecordFile<HistogramsLine>(path(Self.histogramsName))
        let distributions = experiment.training.trackers.isEmpty ? [] : [Callback.histograms(to: histograms)]
        let checkpoints = Callback.checkpoints(
            in: directory, everySteps: experiment.training.checkpointEvery, model: plan.model, monitor: monitor.name,
            higherIsBetter: monitor.higherIsBetter
        ) {
            try metrics.flush()
            try predictions.flush()
            try histograms.flush()
        }
        return [.metrics(to: metrics)] + shown + distributions + [checkpoints, .history(to: path(Self.historyName))]
    }

    private func fit(
        _ plan: TrainingPlan, from checkpoint: Checkpoint?, _ monitor: Monitor, _ callbacks: [Callback],
        _ trackers: TrackerThreads
    ) throws -> [EpochRecord] {
        try fit(plan.network, plan, from: checkpoint, monitor, callbacks, trackers)
    }

    /// Writes the provenance of a new run; reports what has changed when a run is resumed or repeated.
    private func recordProvenance(_ preparation: Preparation, _ monitor: Monitor) throws {
        let now = Provenance(
            of: experiment, monitor: monitor.name, data: preparation.data, dataSets: preparation.dataSets)
        if let then = try provenance {
            for difference in now.differences(from: then) { report("\(directory): \(difference)") }
            return
        }
        try File.write(Array((JSONText(encoding: now).text + "\n").utf8), to: path(Self.provenanceName))
        if let repeated = RepeatedRun(of: self) {
            for difference in try repeated.differences(from: self, now) {
                report("\(repeated.directory): \(difference)")
            }
        }
    }

    /// Reports whether a repeated run has given the same weights.
    private func reportRepetition() throws {
        guard let repeated = RepeatedRun(of: self), let isSame = try repeated.hasWeights(of: self) else { return }
        report(
            isSame
                ? "The weights are those of \(repeated.directory), bit for bit."
                : "The weights differ from those of \(repeated.directory).")
    }

    /// Records that training is finished: a callback may have stopped it before the last epoch.
    private func recordOutcome(_ history: [EpochRecord]) throws {
        let known: Outcome? = try? Self.record(Self.outcomeName, "outcome", in: directory)
        guard known?.epochs != history.count else { return }
        let processor = history.compactMap(\.processorSeconds)
        let outcome = Outcome(
            finished: Date.now.formatted(.iso8601), epochs: history.count, steps: try last?.steps,
            seconds: history.reduce(0) { $0 + $1.seconds },
            processorSeconds: processor.isEmpty ? nil : processor.reduce(0, +),
            peakMemory: history.compactMap(\.peakMemory).max())
        try File.write(Array((JSONText(encoding: outcome).text + "\n").utf8), to: path(Self.outcomeName))
    }
}

/// The end of a run, and what it took. What is optional is absent in files of older versions.
public struct Outcome: Codable, Sendable, Equatable {
    /// The time at which training finished, in ISO 8601.
    public let finished: String
    /// The number of epochs.
    public let epochs: Int
    /// The number of steps.
    public let steps: Int?
    /// The duration of all epochs, without what was lost by interruptions.
    public let seconds: Double?
    /// The processor time of all threads during that.
    public let processorSeconds: Double?
    /// The peak memory, in bytes.
    public let peakMemory: Int?
}

extension Callback {
    /// Writes the history as JSON after every epoch.
    static func history(to path: String) -> Callback {
        let write: @Sendable (Context) throws -> Flow = { context in
            let text = try JSONText(encoding: context.state.history).text + "\n"
            try File.write(Array(text.utf8), to: path)
            return .continue
        }
        return Callback(atStart: { $0.state.history.isEmpty ? .continue : try write($0) }, afterEpoch: write)
    }
}
