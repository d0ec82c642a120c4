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
        return try withExtendedLifetime(lock) { try trainLocked(callbacks) }
    }

    /// Trains along with rank 0, from which the weights and the state are.
    private func follow(_ callbacks: [Callback]) throws -> [EpochRecord] {
        let plan = try experiment.plan(Preparation(experiment, features: features))
        let monitor = try experiment.monitor(plan, try experiment.callbackConfigurations())
        return try fit(plan, from: nil, monitor, callbacks)
    }

    private func trainLocked(_ callbacks: [Callback]) throws -> [EpochRecord] {
        // A run that was interrupted before its first checkpoint starts over.
        let checkpoint = try last
        let preparation = Preparation(experiment, features: features)
        let plan = try experiment.plan(preparation)
        let chosen = try experiment.callbackConfigurations()
        let monitor = try experiment.monitor(plan, chosen)
        let context = CallbackContext(experiment: experiment, plan: plan, monitor: monitor, directory: directory)
        let measuring = try chosen.map { try $0.callback(for: context) }
        if checkpoint == nil { try start(plan, preparation) }
        try recordProvenance(preparation, monitor)
        let history = try fit(plan, from: checkpoint, monitor, callbacks + measuring)
        try recordOutcome(epochs: history.count)
        return history
    }

    private func fit<N: ConfigurableNetwork>(
        _ network: N, _ plan: TrainingPlan, from checkpoint: Checkpoint?, _ monitor: Monitor, _ callbacks: [Callback]
    ) throws -> [EpochRecord] {
        var model = Model(
            network, loss: plan.loss, metrics: plan.metrics, optimizer: try experiment.optimizer(),
            average: experiment.training.average.map { WeightAverage(decay: $0) })
        if let checkpoint { try model.restore(checkpoint) }
        let kept = Callback.checkpoints(
            in: directory, model: plan.model, monitor: monitor.name, higherIsBetter: monitor.higherIsBetter)
        return try model.fit(
            plan.training, epochs: experiment.training.epochs, validating: plan.validation,
            callbacks: callbacks + [kept, .history(to: path(Self.historyName))],
            from: checkpoint?.state ?? TrainingState(), seed: experiment.training.seed,
            sharding: Sharding(shards: experiment.training.shards, reduction: experiment.training.reduction))
    }

    private func fit(
        _ plan: TrainingPlan, from checkpoint: Checkpoint?, _ monitor: Monitor, _ callbacks: [Callback]
    ) throws -> [EpochRecord] {
        try fit(plan.network, plan, from: checkpoint, monitor, callbacks)
    }

    /// Loads the matching parameters of the weights that training starts from, if any.
    private func start(_ plan: TrainingPlan, _ preparation: Preparation) throws {
        guard let path = experiment.training.startsFrom else { return }
        let weights =
            path == "pretrained"
            ? try WeightsFile.pretrained(for: type(of: experiment.task).name) : try WeightsFile(preparation.path(path))
        var archive = try TensorArchive(contentsOf: weights.path)
        if let characters = plan.characters, let theirs: Alphabet = try? weights.recipe("characters"),
            theirs != characters
        {
            let known = try archive.exchange(theirs, for: characters, in: plan.network)
            // The same number of other characters would have matching shapes.
            guard known != nil || theirs.count != characters.count else {
                throw ConfigurationError(
                    experiment.file,
                    "key \"training.startsFrom\": \(weights.path) is for another alphabet of the same size")
            }
            if let known { report("\(known) of \(characters.count - 1) characters are known to \(weights.path).") }
        }
        let count = plan.network.namedParameters.count
        guard plan.network.matches(archive) else {
            throw ConfigurationError(
                experiment.file,
                "key \"training.startsFrom\": no parameter of \(weights.path) matches the network "
                    + experiment.network.name)
        }
        let taken = try plan.network.loadMatching(from: archive).count
        report("\(taken) of \(count) parameters are initialized from \(weights.path).")
    }

    /// Writes the provenance of a new run; reports what has changed when a run is resumed.
    private func recordProvenance(_ preparation: Preparation, _ monitor: Monitor) throws {
        let now = Provenance(of: experiment, monitor: monitor.name, data: preparation.data)
        guard let then = try provenance else {
            return try File.write(Array((JSONText(encoding: now).text + "\n").utf8), to: path(Self.provenanceName))
        }
        for difference in now.differences(from: then) { report("\(directory): \(difference)") }
    }

    /// Records that training is finished: a callback may have stopped it before the last epoch.
    private func recordOutcome(epochs: Int) throws {
        let known: Outcome? = try? Self.record(Self.outcomeName, "outcome", in: directory)
        guard known?.epochs != epochs else { return }
        let outcome = Outcome(finished: Date.now.formatted(.iso8601), epochs: epochs)
        try File.write(Array((JSONText(encoding: outcome).text + "\n").utf8), to: path(Self.outcomeName))
    }
}

/// The end of a run.
struct Outcome: Codable {
    /// The time at which training finished, in ISO 8601.
    let finished: String
    /// The number of epochs.
    let epochs: Int
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
