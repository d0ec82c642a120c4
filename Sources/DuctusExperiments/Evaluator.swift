/// An evaluation that the command line can run by name.
public protocol Evaluator: Sendable {
    /// The name on the command line.
    static var name: String { get }
    /// A short description of what is evaluated.
    static var summary: String { get }

    /// Runs the evaluation.
    /// - Returns: the object that `ductus evaluate --json` prints.
    /// - Throws: ``UsageError`` if the request is incomplete or does not fit, or an error of a file or data set.
    static func evaluate(_ request: EvaluationRequest) throws -> any Encodable & Sendable
}

/// The weights and data of an evaluation.
public struct EvaluationRequest: Sendable {
    /// The kind of data set.
    public var kind: String?
    /// The directory of the data set.
    public var directory: String?
    /// The split of the data set.
    public var split: String?
    /// A weights file or run; if absent, the weights that come with Ductus.
    public var weights: String?
    /// The maximum number of samples; all of them if absent.
    public var limit: Int?
    /// The decoding of recognizers; if absent, that of the recognizer.
    public var decoding: Decoding?
    /// The language of the language model, `none`, or a language model file; if absent, all that the recognizer has.
    public var language: String?
    /// The condition under which pictures are taken, if they are changed; only for evaluations of lines and pages.
    public var condition: String?
    /// A directory in which the pictures are written as they are read; only for evaluations of pages.
    public var pictures: String?
    /// A directory with what another program read, to be evaluated instead; only for evaluations of pages.
    public var readings: String?

    /// An empty request.
    public init() {}

    /// The data set to evaluate on.
    /// - Throws: ``UsageError`` if kind, directory, or split is missing.
    public func dataset() throws(UsageError) -> (kind: Choice, directory: String, split: String) {
        guard let kind, let directory, let split else {
            throw UsageError("--dataset KIND, --data DIR, and --split NAME are required.")
        }
        return (Choice(kind), directory, split)
    }

    /// Rejects a decoding, which only text recognizers have.
    /// - Throws: ``UsageError`` if the decoding is not the default.
    public func requireDefaultDecoding() throws(UsageError) {
        guard (decoding ?? .bestPath) == .bestPath, language == nil else {
            throw UsageError("--decoder and --language are for evaluations of text recognizers.")
        }
    }
}

/// A command with missing or contradictory arguments.
public struct UsageError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String

    /// - Parameter description: a sentence that states what is required.
    public init(_ description: String) { self.description = description }
}

/// The evaluation of a run on the validation data of its own task.
public enum RunEvaluation {
    /// Evaluates the best weights of a run.
    ///
    /// - Parameters:
    ///   - task: the task of the run.
    ///   - request: the run, and values that replace `data.kind`, `data.directory`, and `data.validation`.
    ///   - components: what the configuration of the run can name.
    /// - Returns: `samples`, `loss`, and every metric of the task.
    /// - Throws: ``UsageError`` if there is no run or an option does not apply, or an error of a file.
    public static func evaluate(
        _ task: String, _ request: EvaluationRequest, components: Components
    ) throws -> [String: Double] {
        guard let directory = request.weights, File.isDirectory(directory) else {
            throw UsageError("--weights RUN is required, a run of the task \(task).")
        }
        try request.requireDefaultDecoding()
        guard request.limit == nil else { throw UsageError("--limit does not apply to the task \(task).") }
        let changes = [("kind", request.kind), ("directory", request.directory), ("validation", request.split)]
            .compactMap { key, value in value.map { "data.\(key)=\(JSONText.quoted($0))" } }
        let experiment = try Experiment(
            contentsOf: "\(directory)/\(Run.configurationName)", changes: changes, components: components)
        guard type(of: experiment.task).name == task else {
            throw ConfigurationError(experiment.file, "the task is \(type(of: experiment.task).name), not \(task)")
        }
        let plan = try experiment.plan(Preparation(experiment))
        guard let validation = plan.validation, validation.count > 0 else {
            throw ConfigurationError(experiment.file, "the task has no validation data to evaluate on")
        }
        try plan.network.load(from: TensorArchive(contentsOf: "\(directory)/\(WeightsFile.bestName)"))
        return try evaluate(plan.network, plan, on: validation, experiment)
    }

    private static func evaluate<N: ConfigurableNetwork>(
        _ network: N, _ plan: TrainingPlan, on data: BatchLoader, _ experiment: Experiment
    ) throws -> [String: Double] {
        let model = Model(network, loss: plan.loss, metrics: plan.metrics, optimizer: try experiment.optimizer())
        return try model.evaluate(data).merging(["samples": Double(data.count)]) { $1 }
    }
}
