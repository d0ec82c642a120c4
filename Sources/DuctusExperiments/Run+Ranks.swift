extension Run {
    /// The run that rank 0 creates or opens, on all ranks of `Job.communicator`.
    ///
    /// ```swift
    /// let run = try Run.onAllRanks(components: components) { try Run.create(experiment, in: "runs") }
    /// try run.train()
    /// ```
    /// - Parameters:
    ///   - components: what its configuration can name.
    ///   - make: creates or opens the run; called on rank 0 only.
    public static func onAllRanks(components: Components, _ make: () throws -> Run) throws -> Run {
        guard Job.communicator.size > 1 else { return try make() }
        var made: Run?
        let shared = try Job.communicator.fromFirst {
            let run = try make()
            made = run
            return Shared(directory: run.directory, file: run.experiment.file, text: try run.experiment.text)
        }
        return try made
            ?? Run(
                directory: shared.directory,
                experiment: Experiment(Array(shared.text.utf8), file: shared.file, components: components))
    }

    /// What the other ranks need to know of a run.
    private struct Shared: Codable {
        let directory: String
        let file: String
        let text: String
    }
}
