/// Sends runs to an MLflow server over its REST API: parameters, metrics, tags, data sets, and artifacts.
///
/// `MLFLOW_TRACKING_TOKEN`, or `MLFLOW_TRACKING_USERNAME` and `MLFLOW_TRACKING_PASSWORD`, log in.
public struct MLflow: Tracker {
    public static let name = "mlflow"
    /// The URL of the server; if absent, the environment variable `MLFLOW_TRACKING_URI`.
    public var url: String?
    /// The experiment, which is created if necessary.
    public var experiment = "ductus"
    /// Whether the weights of the best epoch are sent when training is finished.
    public var sendsWeights = false

    /// The defaults.
    public init() {}

    private var address: String? { (url ?? File.environment("MLFLOW_TRACKING_URI")).map { $0.withoutSlashes } }

    public var destination: String { "\(address ?? ""), \(experiment)" }

    public var problem: String? {
        guard let address else { return "key \"url\" is missing, and MLFLOW_TRACKING_URI is not set" }
        guard address.hasPrefix("http://") || address.hasPrefix("https://") else {
            return "key \"url\" is \"\(address)\"; it must begin with http:// or https://"
        }
        return experiment.isEmpty ? "key \"experiment\" is empty; it must be a name" : nil
    }

    private var server: MLflowServer { MLflowServer(address: address ?? "") }

    public func begin(_ run: TrackedRun, memory: inout [String: String]) throws {
        if let id = memory["run"] {
            if run.outcome == nil { try server.update(id, status: "RUNNING") }
            return
        }
        let experiment = try server.experiment(named: experiment)
        // A program that was killed may have created the run without remembering it.
        let known = try server.run(with: (key: Self.identityTag, value: run.identity), in: experiment)
        let started = try known ?? server.createRun(run, in: experiment, tags: tags(of: run))
        try server.log(started.id, parameters: run.settings)
        try server.log(started.id, datasets: run.provenance.data, directory: run.directory)
        for name in [Run.configurationName, Run.provenanceName] { try send(name, of: run, started.artifacts) }
        (memory["run"], memory["artifacts"]) = (started.id, started.artifacts)
    }

    public func send(_ items: [TrackedItem], of run: TrackedRun, memory: inout [String: String]) throws {
        guard let id = memory["run"], let artifacts = memory["artifacts"] else { return }
        try server.log(id, metrics: items)
        for item in items {
            switch item.value {
            case .image(let png, _, _): try server.put(png, to: artifacts, "\(item.name)/\(item.step).png")
            case .text(let text): try server.put(Array(text.utf8), to: artifacts, "\(item.name)/\(item.step).md")
            case .scalar, .histogram: break
            }
        }
    }

    public func end(_ run: TrackedRun, isFinished: Bool, memory: inout [String: String]) throws {
        guard let id = memory["run"], let artifacts = memory["artifacts"] else { return }
        if isFinished {
            let names = [Run.outcomeName, Run.historyName, Run.logName]
            for name in names + (sendsWeights ? [WeightsFile.bestName] : []) { try send(name, of: run, artifacts) }
        }
        try server.update(id, status: isFinished ? "FINISHED" : "FAILED", end: run.endTime)
    }

    private static let identityTag = "ductus.run"

    private func tags(of run: TrackedRun) -> [(key: String, value: String)] {
        let commit = run.provenance.commit.map { [(key: "mlflow.source.git.commit", value: $0)] } ?? []
        return [
            (key: Self.identityTag, value: run.identity), (key: "mlflow.source.name", value: "ductus train"),
            (key: "mlflow.source.type", value: "LOCAL"), (key: "task", value: run.task),
        ] + commit + run.origin.map { (key: "ductus.\($0.key)", value: $0.value) }
    }

    /// Sends a file of the run as an artifact, if it exists.
    private func send(_ name: String, of run: TrackedRun, _ artifacts: String) throws {
        let path = "\(run.directory)/\(name)"
        guard File.exists(path) else { return }
        try server.put(File.readBytes(path), to: artifacts, name)
    }
}

extension String {
    fileprivate var withoutSlashes: String { String(String(reversed().drop { $0 == "/" }.reversed())) }
}
