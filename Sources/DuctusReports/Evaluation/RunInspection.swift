import DuctusHandwriting

/// What the best weights of a run do on its validation data.
enum RunInspection: Sendable {
    case lines(LineInspection)
    case pages(PageInspection)
    /// The loss and metrics of a task without an inspection of its own.
    case figures([String: Double])

    /// Evaluates a run on the validation split of its configuration.
    ///
    /// - Parameters:
    ///   - run: the run.
    ///   - limit: the number of samples, drawn at random; all of them if nil.
    /// - Throws: an error of a file or of the data; `ConfigurationError` if there is no validation split.
    init(of run: RunSummary, limit: Int?) throws {
        let file = "\(run.directory)/configuration.json"
        let experiment = try Experiment(contentsOf: file)
        func validation(_ split: String?, _ directory: String) throws -> (split: String, directory: String) {
            guard let split else { throw ConfigurationError(file, "the task has no validation data to evaluate on") }
            return (split, try File.expanded(directory, file: file))
        }
        func pages(_ kind: Choice, _ directory: String, _ split: String?) throws -> DetectionDataset {
            let (split, directory) = try validation(split, directory)
            return try DetectionDataset(kind: kind, directory: directory, split: split)
        }
        switch experiment.task {
        case let task as LineRecognition:
            let (split, directory) = try validation(task.data.validation, task.data.directory)
            self = .lines(
                try LineInspection(
                    LineReader(run.directory),
                    on: LineDataset(kind: task.data.kind, directory: directory, split: split), limit: limit))
        case let task as LineDetection:
            let data = try pages(task.data.kind, task.data.directory, task.data.validation)
            self = .pages(try PageInspection(LineDetector(run.directory), on: data, limit: limit))
        case let task as BaselineDetection:
            let data = try pages(task.data.kind, task.data.directory, task.data.validation)
            self = .pages(try PageInspection(BaselineDetector(run.directory), on: data, limit: limit))
        default:
            var request = EvaluationRequest()
            request.weights = run.directory
            self = .figures(
                try RunEvaluation.evaluate(type(of: experiment.task).name, request, components: .registered))
        }
    }
}
