/// What distinguishes runs: the ingredients that differ, and the metrics of the best epochs.
public struct RunComparison: Sendable {
    /// A value of every run; nil where a run does not have it.
    package struct Row: Sendable, Equatable {
        package let key: String
        package let values: [JSONText?]
    }

    /// The runs.
    public let runs: [RunSummary]
    /// The keys of the configuration whose values differ.
    package let configuration: [Row]
    /// The data whose versions differ.
    package let data: [Row]
    /// What differs between the code and the machines.
    package let code: [Row]
    /// All validation results of the best epochs.
    package let metrics: [Row]

    /// Compares runs.
    public init(_ runs: [RunSummary]) {
        self.runs = runs
        configuration = Self.rows(runs.map(\.configuration.leaves)).filter(\.differs)
        data = Self.rows(
            runs.map { run in
                run.provenance.map { $0.dataSetVersions + $0.dataVersions } ?? []
            }
        ).filter(\.differs)
        code = Self.rows(runs.map { $0.provenance?.codeVersions ?? [] }).filter(\.differs)
        metrics = Self.rows(
            runs.map { run in
                (run.best?.metrics ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, .number("\($0.value)")) }
            })
    }

    /// The values of all runs by key, in the order of the first run that has a key.
    private static func rows(_ values: [[(key: String, value: JSONText)]]) -> [Row] {
        var keys: [String] = []
        for (key, _) in values.joined() where !keys.contains(key) { keys.append(key) }
        let tables = values.map { Dictionary($0.map { ($0.key, $0.value) }) { first, _ in first } }
        return keys.map { key in Row(key: key, values: tables.map { $0[key] }) }
    }

    /// The comparison as `ductus runs compare --json` prints it.
    package var json: JSONText {
        func object(_ rows: [Row]) -> JSONText {
            .object(
                Dictionary(uniqueKeysWithValues: rows.map { ($0.key, .array($0.values.map { $0 ?? .null })) }))
        }
        return .object([
            "runs": .array(runs.map { .string($0.directory) }), "configuration": object(configuration),
            "data": object(data), "code": object(code), "metrics": object(metrics),
            "epoch": .array(runs.map { $0.value("epoch") ?? .null }),
            "seconds": .array(runs.map { $0.value("seconds") ?? .null }),
        ])
    }
}

extension RunComparison.Row {
    fileprivate var differs: Bool { values.contains { $0 != values.first } }
}

extension Provenance {
    /// The data by name; a number distinguishes data of the same name.
    package var dataVersions: [(key: String, value: JSONText)] {
        data.indices.map { index in
            let earlier = data[..<index].count { $0.name == data[index].name }
            let name = data[index].name + (earlier > 0 ? " \(earlier + 1)" : "")
            return (
                name,
                .object(["samples": .number("\(data[index].samples)"), "version": .string(data[index].version)])
            )
        }
    }

    /// The data sets by name: `letters` is `2, manifest 0f4e…`.
    package var dataSetVersions: [(key: String, value: JSONText)] {
        (dataSets ?? []).map {
            (key: "data set \($0.name)", value: .string("\($0.version), manifest \($0.manifest.prefix(12))"))
        }
    }

    /// The code and the machine by name.
    package var codeVersions: [(key: String, value: JSONText)] {
        let texts: [(String, String?)] = [
            ("ductus", ductus), ("commit", commit), ("compiler", compiler), ("blas", blas),
            ("instructionSet", instructionSet), ("machine", machine),
        ]
        var versions = texts.compactMap { key, text in text.map { (key: key, value: JSONText.string($0)) } }
        if let isModified { versions.insert(("isModified", .boolean(isModified)), at: commit == nil ? 1 : 2) }
        if let processors { versions.append(("processors", .number("\(processors)"))) }
        return versions + [("threads", .number("\(threads)"))]
    }
}
