/// The values of a run by key.
extension RunSummary {
    /// The keys of a run besides metrics and the configuration.
    private static let ownKeys = ["name", "state", "epochs", "best", "epoch", "seconds"]

    /// A value of the run: a metric of the best epoch, such as `characterAccuracy`; `name`, `state`, `epochs`, `best`,
    /// `epoch`, or `seconds`; or a value of the configuration, such as `training.rate`. A component is its name.
    package func value(_ key: String) -> JSONText? {
        if let value = best?.metrics[key] { return .number("\(value)") }
        return switch key {
        case "name": .string(name)
        case "state": .string(state.rawValue)
        case "epochs": .number("\(history.count)")
        case "best": bestValue.map { .number("\($0)") }
        case "epoch": (best?.epoch).map { .number("\($0)") }
        case "seconds": .number("\(seconds)")
        default:
            configuration[path: key].map { value in
                value.object?["name"].flatMap { $0.string.map(JSONText.string) } ?? value
            }
        }
    }

    /// The keys of all values, those of the configuration with and without the name of a component.
    package var keys: Set<String> {
        var keys = Set(Self.ownKeys).union(best?.metrics.keys.map { $0 } ?? [])
        for (key, _) in configuration.leaves {
            keys.insert(key)
            if key.hasSuffix(".name") { keys.insert(String(key.dropLast(5))) }
        }
        return keys
    }

    /// The run as `ductus runs list --json` prints it.
    package var json: JSONText {
        get throws {
            var members: [String: JSONText] = [
                "directory": .string(directory), "name": .string(name), "task": .string(task),
                "network": .string(network), "state": .string(state.rawValue),
                "epochs": .number("\(history.count)"), "plannedEpochs": .number("\(plannedEpochs)"),
                "seconds": .number("\(seconds)"), "best": .null,
            ]
            members["monitor"] = monitor.map(JSONText.string) ?? .null
            if let best {
                members["best"] = .object([
                    "epoch": .number("\(best.epoch)"), "metrics": try JSONText(encoding: best.metrics),
                ])
            }
            return .object(members)
        }
    }

    /// The run as `ductus runs show --json` prints it.
    package var completeJSON: JSONText {
        get throws {
            var members = try json.object ?? [:]
            members["configuration"] = configuration
            members["provenance"] = try provenance.map { try JSONText(encoding: $0) } ?? .null
            members["outcome"] = try outcome.map { try JSONText(encoding: $0) } ?? .null
            members["history"] = try JSONText(encoding: history)
            members["checkpoints"] = .array(
                checkpoints.map { .object(["name": .string($0.name), "bytes": .number("\($0.bytes)")]) })
            return .object(members)
        }
    }
}

extension JSONText {
    /// The value at a dotted path: `training.epochs`.
    package subscript(path path: String) -> JSONText? {
        path.split(separator: ".", omittingEmptySubsequences: false)
            .reduce(self as JSONText?) { value, key in value?.object?[String(key)] }
    }

    /// The value in a table: a string without quotes; data by their versions.
    package var shown: String {
        if let samples = object?["samples"]?.count, let version = object?["version"]?.string {
            return "\(samples) samples, version \(version.prefix(12))"
        }
        return string.map { File.shown($0) } ?? text
    }

    /// The values that are not objects by their dotted paths, in order.
    package var leaves: [(key: String, value: JSONText)] {
        (object ?? [:]).sorted { $0.key < $1.key }.flatMap { name, value in
            let members = value.leaves
            return members.isEmpty ? [(name, value)] : members.map { ("\(name).\($0.key)", $0.value) }
        }
    }
}
