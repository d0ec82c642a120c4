/// The REST API of MLflow, version 2.0 (https://mlflow.org/docs/latest/rest-api.html).
struct MLflowServer {
    /// A run of the server.
    struct Started {
        let id: String
        /// The address of its artifacts.
        let artifacts: String
    }

    /// The largest number of parameters in a request.
    private static let maximumParameters = 100
    /// The longest value of a parameter.
    private static let maximumLength = 6000
    let address: String

    private var api: String { "\(address)/api/2.0/mlflow" }

    @discardableResult
    private func post(_ method: String, _ members: [String: JSONText]) throws -> JSONText {
        try HTTP.send("POST", "\(api)/\(method)", json: .object(members)).json
    }

    // MARK: Experiments and runs

    /// The number of an experiment, which is created if there is none.
    func experiment(named name: String) throws -> String {
        let query = "\(api)/experiments/get-by-name?experiment_name=\(HTTP.escaped(name))"
        let answer = try HTTP.send("GET", query, accepting: [404])
        if answer.status != 404 { return try answer.text("experiment.experiment_id") }
        let created = try HTTP.send(
            "POST", "\(api)/experiments/create", json: .object(["name": .string(name)]), accepting: [400])
        if created.status != 400 { return try created.text("experiment_id") }
        // Another program may have created it at the same time.
        let again = try HTTP.send("GET", query, accepting: [404])
        guard again.status != 404 else { throw created.error }
        return try again.text("experiment.experiment_id")
    }

    /// The run with a tag, if there is one.
    func run(with tag: (key: String, value: String), in experiment: String) throws -> Started? {
        let answer = try post(
            "runs/search",
            [
                "experiment_ids": .array([.string(experiment)]), "max_results": .number("1"),
                "filter": .string("tags.`\(tag.key)` = '\(tag.value)'"),
            ])
        return answer.object?["runs"]?.array?.first.flatMap(Started.init)
    }

    func createRun(
        _ run: TrackedRun, in experiment: String, tags: [(key: String, value: String)]
    ) throws -> Started {
        let answer = try post(
            "runs/create",
            [
                "experiment_id": .string(experiment), "run_name": .string(run.name),
                "start_time": .number("\(Int(run.startTime * 1000))"), "tags": Self.pairs(tags),
            ])
        guard let started = answer.object?["run"].flatMap(Started.init) else {
            throw HTTP.Failure("\(api): the server has answered without a run; check that it is MLflow.")
        }
        return started
    }

    func update(_ id: String, status: String, end: Double? = nil) throws {
        var members: [String: JSONText] = ["run_id": .string(id), "status": .string(status)]
        if let end { members["end_time"] = .number("\(Int(end * 1000))") }
        try post("runs/update", members)
    }

    // MARK: Contents

    func log(_ id: String, parameters: [(key: String, value: String)]) throws {
        for start in stride(from: 0, to: parameters.count, by: Self.maximumParameters) {
            let part = parameters[start..<min(start + Self.maximumParameters, parameters.count)].map {
                (key: $0.key, value: String($0.value.prefix(Self.maximumLength)))
            }
            try post("runs/log-batch", ["run_id": .string(id), "params": Self.pairs(part)])
        }
    }

    /// Sends the scalars among some items, which are no more than a request can hold.
    func log(_ id: String, metrics items: [TrackedItem]) throws {
        let metrics = items.compactMap { item -> JSONText? in
            guard case .scalar(let value) = item.value else { return nil }
            return .object([
                "key": .string(item.name), "value": Self.number(value), "step": .number("\(item.step)"),
                "timestamp": .number("\(Int((item.time * 1000).rounded()))"),
            ])
        }
        guard !metrics.isEmpty else { return }
        try post("runs/log-batch", ["run_id": .string(id), "metrics": .array(metrics)])
    }

    func log(_ id: String, datasets: [DataVersion], directory: String) throws {
        guard !datasets.isEmpty else { return }
        let inputs = datasets.map { data in
            JSONText.object([
                "tags": Self.pairs([(key: "mlflow.data.context", value: data.name)]),
                "dataset": .object([
                    "name": .string(data.name), "digest": .string(String(data.version.prefix(36))),
                    "source_type": .string("local"),
                    "source": .string(JSONText.object(["uri": .string(directory)]).text),
                    "profile": .string(JSONText.object(["num_rows": .number("\(data.samples)")]).text),
                ]),
            ])
        }
        try post("runs/log-inputs", ["run_id": .string(id), "datasets": .array(inputs)])
    }

    /// Sends an artifact through the server; nothing if the server keeps artifacts elsewhere.
    func put(_ bytes: [UInt8], to artifacts: String, _ name: String) throws {
        let scheme = "mlflow-artifacts:/"
        guard artifacts.hasPrefix(scheme) else { return }
        // `mlflow-artifacts:/1/…` or `mlflow-artifacts://host:port/1/…`
        var path = artifacts.dropFirst(scheme.count)
        if path.hasPrefix("/") { path = path.dropFirst().drop { $0 != "/" }.dropFirst() }
        let file = name.split(separator: "/").map { HTTP.escaped(String($0)) }.joined(separator: "/")
        _ = try HTTP.send("PUT", "\(address)/api/2.0/mlflow-artifacts/artifacts/\(path)/\(file)", body: bytes)
    }

    // MARK: JSON

    private static func pairs(_ pairs: [(key: String, value: String)]) -> JSONText {
        .array(pairs.map { .object(["key": .string($0.key), "value": .string($0.value)]) })
    }

    /// JSON has no numbers that are not finite; in Protocol Buffers' form of it they are strings.
    private static func number(_ value: Double) -> JSONText {
        if value.isFinite { return .number("\(value)") }
        return .string(value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity")
    }
}

extension MLflowServer.Started {
    fileprivate init?(_ run: JSONText) {
        guard let id = run[path: "info.run_id"]?.string else { return nil }
        (self.id, artifacts) = (id, run[path: "info.artifact_uri"]?.string ?? "")
    }
}
