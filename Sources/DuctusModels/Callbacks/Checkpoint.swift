#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The state of a training run in one file, written atomically: weights, optimizer, and progress.
///
/// ```swift
/// let checkpoint = try Checkpoint(contentsOf: "runs/digits/last.safetensors")
/// try model.restore(checkpoint)
/// try model.fit(training, epochs: 10, callbacks: [.checkpoints(in: "runs/digits")], from: checkpoint.state)
/// ```
public struct Checkpoint: Sendable {
    /// The weights by parameter name, the moments of the optimizer, and the average of the weights.
    package let archive: TensorArchive
    /// The progress of the run, from which `fit` continues.
    public let state: TrainingState
    /// The number of steps of the optimizer.
    package let steps: Int

    /// The name of the latest checkpoint in the directory of a run.
    public static let lastName = "last.safetensors"

    /// Reads a checkpoint.
    /// - Throws: `ArchiveError` if the file is damaged or contains only weights.
    public init(contentsOf path: String) throws { try self.init(TensorArchive(contentsOf: path)) }

    init(_ archive: TensorArchive) throws {
        self.archive = archive
        guard let text = archive.metadata["training"],
            let state = try? JSONDecoder().decode(TrainingState.self, from: Data(text.utf8)),
            Optimizer.possibleSteps ~= state.epoch, Optimizer.possibleSteps ~= state.batch,
            let steps = archive.metadata["steps"].flatMap({ Int($0) }), Optimizer.possibleSteps ~= steps
        else { throw ArchiveError(archive.path, "is not a checkpoint; resume from the \(Self.lastName) of a run.") }
        (self.state, self.steps) = (state, steps)
    }

    static func write(_ context: Callback.Context, to path: String, model: ModelConfiguration?) throws {
        try archive(context, model: model).write(to: path)
    }

    /// What a checkpoint consists of.
    package static func archive(_ context: Callback.Context, model: ModelConfiguration?) throws -> TensorArchive {
        var archive = TensorArchive()
        archive.metadata = WeightsFile.metadata(of: model)
        let state = try JSONEncoder.sorted.encode(context.state)
        archive.metadata["training"] = String(decoding: state, as: UTF8.self)
        archive.metadata["steps"] = "\(context.optimizer.steps)"
        context.network.save(to: &archive)
        context.optimizer.save(to: &archive, parameters: context.network.namedParameters)
        context.average?.save(to: &archive, parameters: context.network.namedParameters)
        return archive
    }
}

extension Model {
    /// Restores weights, optimizer, and average from a checkpoint, whose state is then passed to `fit`.
    /// - Throws: `ArchiveError` naming the tensor that is missing or does not fit, or the optimizer that it is the state of;
    ///   nothing is changed then.
    public mutating func restore(_ checkpoint: Checkpoint) throws {
        var (optimizer, average) = (optimizer, average)
        try average?.load(
            from: checkpoint.archive, parameters: network.namedParameters, steps: checkpoint.steps)
        // What is frozen may be trained again, and then needs the moments that it had.
        let trained = Set(trainedParameters.map(ObjectIdentifier.init))
        let kept = parameters.filter {
            trained.contains(ObjectIdentifier($0.parameter))
                || checkpoint.archive.shape(of: "optimizer.0.\($0.name)") != nil
        }
        try optimizer.load(from: checkpoint.archive, parameters: kept, steps: checkpoint.steps)
        try network.load(from: checkpoint.archive)
        (self.optimizer, self.average) = (optimizer, average)
    }
}

extension Callback {
    /// Writes `last.safetensors` at the start, at every `interval`, at an interruption, and after every epoch, and
    /// `best.safetensors` after every epoch whose validation value is the best so far, with averaged weights if there are any.
    ///
    /// - Parameters:
    ///   - directory: the directory of the files, which is created if necessary.
    ///   - interval: the time between two checkpoints during an epoch.
    ///   - steps: the number of steps between two checkpoints, if that is sooner.
    ///   - model: the model configuration, which predictors need to load the files.
    ///   - monitor: `loss`, or the name of a metric. Epochs in which it was not measured, or was not finite, are not the
    ///     best; until there is a value, the latest epoch is.
    ///   - higherIsBetter: `false` for losses and error rates.
    ///   - prepare: called before a checkpoint is written, to save what must agree with it.
    public static func checkpoints(
        in directory: String, every interval: Duration = .seconds(60), everySteps steps: Int? = nil,
        model: ModelConfiguration? = nil, monitor: String = "loss", higherIsBetter: Bool = false,
        preparing prepare: @escaping @Sendable () throws -> Void = {}
    ) -> Callback {
        let timer = Timer()
        @Sendable func write(_ context: Callback.Context) throws {
            try prepare()
            try Checkpoint.write(context, to: "\(directory)/\(Checkpoint.lastName)", model: model)
            timer.restart()
        }
        return Callback(
            atStart: { context in
                try File.createDirectory(directory)
                try write(context)
                return .continue
            },
            afterBatch: { context in
                let isDue = steps.map { context.optimizer.steps.isMultiple(of: $0) } ?? false
                guard isDue || timer.elapsed >= interval, context.state.batch < context.batchesPerEpoch else { return }
                try write(context)
            },
            afterEpoch: { context in
                let costs = context.state.history.map { record -> Double? in
                    guard let value = record.validation[monitor], value.isFinite else { return nil }
                    return higherIsBetter ? -value : value
                }
                let earlier = costs.dropLast().compactMap { $0 }
                let isBest = costs.last.flatMap { $0 }.map { cost in earlier.allSatisfy { cost < $0 } }
                if isBest ?? earlier.isEmpty {
                    let record = context.state.history.last
                    try context.averaged {
                        try WeightsFile.write(
                            context.network, of: model, metrics: record?.validation ?? [:], epoch: record?.epoch,
                            to: "\(directory)/\(WeightsFile.bestName)")
                    }
                }
                try write(context)
                return .continue
            },
            atInterruption: { try write($0) })
    }
}
