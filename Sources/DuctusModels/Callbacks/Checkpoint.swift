#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A training at rest: weights, optimizer and state in one file, written in one step.
///
/// ```swift
/// let checkpoint = try Checkpoint(contentsOf: "runs/digits/last.safetensors")
/// try model.restore(checkpoint)
/// try model.fit(training, epochs: 10, callbacks: [.checkpoints(in: "runs/digits")], from: checkpoint.state)
/// ```
public struct Checkpoint: Sendable {
    /// Weights by their parameters' names, the optimizer's moments and the average of the weights.
    package let archive: TensorArchive
    /// Where the training stopped; `fit` goes on from here.
    public let state: TrainingState
    /// Steps that the optimizer has taken.
    let steps: Int

    /// The file in a run's directory that holds its latest checkpoint.
    public static let lastName = "last.safetensors"

    /// - Throws: `ArchiveError` if the file is damaged or holds weights only.
    public init(contentsOf path: String) throws {
        archive = try TensorArchive(contentsOf: path)
        guard let text = archive.metadata["training"],
            let state = try? JSONDecoder().decode(TrainingState.self, from: Data(text.utf8)),
            state.epoch >= 0, state.batch >= 0,
            let steps = archive.metadata["steps"].flatMap({ Int($0) }), steps >= 0
        else { throw ArchiveError(path, "holds no training to resume; resume a run's \(Self.lastName).") }
        (self.state, self.steps) = (state, steps)
    }

    static func write(_ context: Callback.Context, to path: String, model: ModelConfiguration?) throws {
        var archive = TensorArchive()
        archive.metadata = WeightsFile.notes(of: model)
        let state = try JSONEncoder.sorted.encode(context.state)
        archive.metadata["training"] = String(decoding: state, as: UTF8.self)
        archive.metadata["steps"] = "\(context.optimizer.steps)"
        context.network.save(to: &archive)
        context.optimizer.save(to: &archive, parameters: context.network.namedParameters)
        context.average?.save(to: &archive, parameters: context.network.namedParameters)
        try archive.write(to: path)
    }
}

extension Model {
    /// Takes weights, optimizer and average from a checkpoint; pass its state to `fit`.
    /// - Throws: `ArchiveError` that names what is missing or does not fit; nothing is changed then.
    public mutating func restore(_ checkpoint: Checkpoint) throws {
        var (optimizer, average) = (optimizer, average)
        try average?.load(
            from: checkpoint.archive, parameters: network.namedParameters, steps: checkpoint.steps)
        try optimizer.load(from: checkpoint.archive, parameters: network.namedParameters, steps: checkpoint.steps)
        try network.load(from: checkpoint.archive)
        (self.optimizer, self.average) = (optimizer, average)
    }
}

extension Callback {
    /// Writes `last.safetensors` at the start, every `interval` and after each epoch, and `best.safetensors` whenever
    /// a validation value becomes the best so far: with averaged weights, where an average is kept.
    ///
    /// - Parameters:
    ///   - directory: where the files go; it is created if need be.
    ///   - interval: between files during an epoch.
    ///   - model: what the network is for, which both files note, so that predictors can be made of them.
    ///   - monitor: `loss` or the name of a metric. Epochs in which it was not measured are not the best; where it was in
    ///     none, the last one is.
    ///   - higherIsBetter: `false` for losses and error rates.
    public static func checkpoints(
        in directory: String, every interval: Duration = .seconds(60), model: ModelConfiguration? = nil,
        monitor: String = "loss", higherIsBetter: Bool = false
    ) -> Callback {
        let timer = Timer()
        let last = "\(directory)/\(Checkpoint.lastName)"
        return Callback(
            atStart: { context in
                try File.createDirectory(directory)
                try Checkpoint.write(context, to: last, model: model)
                timer.restart()
                return .continue
            },
            afterBatch: { context in
                guard timer.elapsed >= interval, context.state.batch < context.batchesPerEpoch else { return }
                try Checkpoint.write(context, to: last, model: model)
                timer.restart()
            },
            afterEpoch: { context in
                let costs = context.state.history.map { $0.validation[monitor].map { higherIsBetter ? -$0 : $0 } }
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
                try Checkpoint.write(context, to: last, model: model)
                timer.restart()
                return .continue
            })
    }
}
