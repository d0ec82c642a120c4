/// Something that measures weights on data, found by name on the command line.
public protocol Evaluator: Sendable {
    /// The name on the command line.
    static var name: String { get }
    /// What is measured, in a few words.
    static var summary: String { get }

    /// Measures.
    /// - Returns: the object that `ductus evaluate --json` prints.
    /// - Throws: ``UsageError`` if the request lacks something, or a file's or data set's error.
    static func evaluate(_ request: EvaluationRequest) throws -> any Encodable & Sendable
}

/// Which weights are to be measured on which data.
public struct EvaluationRequest: Sendable {
    /// The kind of data set.
    public var kind: String?
    /// Where the data set is.
    public var directory: String?
    /// The part of the data set.
    public var split: String?
    /// A weights file or a run; what comes with Ductus, if absent.
    public var weights: String?
    /// So many samples only.
    public var limit: Int?
    /// How texts are chosen, by readers.
    public var decoding = Decoding.bestPath

    /// Nothing is asked for yet.
    public init() {}

    /// The data set that is asked for.
    /// - Throws: ``UsageError`` if a part of its name is missing.
    public func dataset() throws(UsageError) -> (kind: Choice, directory: String, split: String) {
        guard let kind, let directory, let split else {
            throw UsageError("--dataset KIND, --data DIR and --split NAME say what to measure on.")
        }
        return (Choice(kind), directory, split)
    }
}

/// A command that lacks something, or has too much.
public struct UsageError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String

    /// - Parameter description: a sentence with the remedy.
    public init(_ description: String) { self.description = description }
}

/// Measures the weights of a run, on the validation data that its own task prepares.
public enum RunEvaluation {
    /// - Parameters:
    ///   - task: the task that the run must be of.
    ///   - request: the run, and what of `data.kind`, `data.directory` and `data.validation` to change.
    ///   - components: what the run's configuration can name.
    /// - Returns: the number of samples, the loss, and every metric of the task by its name.
    /// - Throws: ``UsageError`` if there is no run or no validation data, or a file's error.
    public static func evaluate(
        _ task: String, _ request: EvaluationRequest, components: Components
    ) throws -> [String: Double] {
        guard let directory = request.weights, File.isDirectory(directory) else {
            throw UsageError("--weights RUN says which run of the task \(task) to measure.")
        }
        let changes = [("kind", request.kind), ("directory", request.directory), ("validation", request.split)]
            .compactMap { key, value in value.map { "data.\(key)=\(JSONText.quoted($0))" } }
        let experiment = try Experiment(
            contentsOf: "\(directory)/\(Run.configurationName)", changes: changes, components: components)
        guard type(of: experiment.task).name == task else {
            throw ConfigurationError(
                experiment.file, "the run is of the task \(type(of: experiment.task).name), not of \(task)")
        }
        let plan = try experiment.plan(Preparation(experiment))
        guard let validation = plan.validation, validation.count > 0 else {
            throw ConfigurationError(experiment.file, "the task has no validation data to measure on")
        }
        try plan.network.load(from: TensorArchive(contentsOf: "\(directory)/\(WeightsFile.bestName)"))
        return try measure(plan.network, plan, on: validation, experiment)
    }

    private static func measure<N: ConfigurableNetwork>(
        _ network: N, _ plan: TrainingPlan, on data: BatchLoader, _ experiment: Experiment
    ) throws -> [String: Double] {
        let model = Model(network, loss: plan.loss, metrics: plan.metrics, optimizer: try experiment.optimizer())
        return model.evaluate(data).merging(["samples": Double(data.count)]) { $1 }
    }
}
