/// A run that another one repeats, since it has been given its configuration.
struct RepeatedRun {
    let directory: String
    private let provenance: Provenance

    /// The run in whose directory the configuration file of an experiment is; nil if there is none, or it is `run`.
    init?(of run: Run) {
        let file = run.experiment.file
        guard File.name(of: file) == Run.configurationName, !File.isSame(file, run.path(Run.configurationName)) else {
            return nil
        }
        directory = File.directory(of: file)
        guard let provenance: Provenance = try? Run.record(Run.provenanceName, "provenance", in: directory) else {
            return nil
        }
        self.provenance = provenance
    }

    /// What differs now, one sentence each; none if the weights will be the same, bit for bit.
    func differences(from run: Run, _ now: Provenance) throws -> [String] {
        let experiment = try Experiment(contentsOf: run.experiment.file, components: run.experiment.components)
        let (old, new) = (try Self.settings(experiment), try Self.settings(run.experiment))
        let keys = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted()
        let changes = keys.map { key in
            "The key \"\(key)\" was \(old[key]?.text ?? "absent"); it is \(new[key]?.text ?? "absent") now."
        }
        return changes + now.differences(from: provenance)
    }

    private static func settings(_ experiment: Experiment) throws -> [String: JSONText] {
        let leaves = try JSONText(parsing: Array(experiment.text.utf8)).leaves
        return Dictionary(leaves.map { ($0.key, $0.value) }) { first, _ in first }
    }

    /// Whether the last weights of both runs are the same, bit for bit; nil if they have not been trained as long.
    func hasWeights(of run: Run) throws -> Bool? {
        let path = "\(directory)/\(Checkpoint.lastName)"
        guard File.exists(path), let theirs = try? Checkpoint(contentsOf: path), let ours = try run.last,
            theirs.state.epoch == ours.state.epoch, theirs.state.batch == ours.state.batch
        else { return nil }
        return try ours.archive.names == theirs.archive.names
            && ours.archive.names.allSatisfy { name in
                let (a, b): (Tensor<Float>, Tensor<Float>) = (
                    try ours.archive.tensor(name), try theirs.archive.tensor(name)
                )
                return a.shape == b.shape && a.scalars.map(\.bitPattern) == b.scalars.map(\.bitPattern)
            }
    }
}
