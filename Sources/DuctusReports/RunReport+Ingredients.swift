import DuctusCharts
import DuctusHandwriting

/// What went into the runs.
extension RunReport {
    func addConfiguration(to page: inout HTML) {
        page.section("Configuration") { section in
            if runs.count > 1 {
                addDifferences(
                    comparison.configuration, head: runs.map(\.name), none: "All keys have the same values.",
                    to: &section)
            } else if let parent {
                let rows = RunComparison([parent, runs[0]]).configuration
                section.element("h3", "What differs from \(parent.name), from which training started")
                addDifferences(
                    rows, head: [parent.name, runs[0].name], none: "All keys have the same values.", to: &section)
            } else if let start = runs[0].value("training.startsFrom")?.string {
                section.element("p", "Training started from \(start), which is not there any more.")
            }
            for run in runs {
                section.element("details", runs.count == 1 && parent == nil ? [("open", "")] : []) { details in
                    details.element("summary", runs.count == 1 ? "All keys" : "All keys of \(run.name)")
                    let rows = run.configuration.leaves.filter { $0.value != .null }.map {
                        [$0.key, Self.cell($0.value)]
                    }
                    details.table("Configuration of \(run.name)", ["key", "value"], rows)
                }
            }
        }
    }

    func addOrigin(to page: inout HTML) {
        page.section("Data, code, and machine") { section in
            if runs.count > 1 {
                addDifferences(
                    comparison.data + comparison.code, head: runs.map(\.name),
                    none: "All runs have the same data, code, and machine.", to: &section)
            }
            for run in runs {
                guard let provenance = run.provenance else {
                    section.element("p", "\(run.name) has no record of them; training has not started.")
                    continue
                }
                let content: (inout HTML) -> Void = { html in
                    html.table(
                        "Data of \(run.name)", ["data", "samples", "version"],
                        provenance.data.map { [$0.name, "\($0.samples)", String($0.version.prefix(16))] }
                            + (provenance.dataSets ?? []).map {
                                ["data set \($0.name)", "", "\($0.version), manifest \($0.manifest.prefix(16))"]
                            })
                    let rows = provenance.codeVersions.map { [$0.key, Self.cell($0.value)] }
                    html.table(
                        "Code and machine of \(run.name)", ["code and machine", ""],
                        [["started", provenance.created], ["seed", "\(provenance.seed)"]] + rows)
                }
                if runs.count == 1 {
                    section.element("div", [("class", "grid")], content)
                } else {
                    section.element("details") { details in
                        details.element("summary", "All of \(run.name)")
                        content(&details)
                    }
                }
            }
        }
    }

    private func addDifferences(
        _ rows: [RunComparison.Row], head: [String], none: String, to page: inout HTML
    ) {
        guard !rows.isEmpty else { return page.element("p", none) }
        let cells = rows.map { row in [row.key] + row.values.map { $0.map(Self.cell) ?? "–" } }
        page.table("Differences", ["key"] + head, cells)
    }

    /// Time by epoch, and the layers of the best weights with their sizes and multiply-adds.
    func addCost(to page: inout HTML) throws {
        try page.section("Time and size") { section in
            var chart = LineChart("Seconds per epoch", x: "epoch", y: "with validation")
            for (number, run) in runs.enumerated() {
                let points = run.history.map { (x: Double($0.epoch), y: $0.seconds) }
                chart.add(runs.count > 1 ? run.name : "", points, color: number)
            }
            try section.element("div", [("class", "grid")]) { grid in
                if !chart.isEmpty { grid.chart(chart) }
                for run in runs {
                    guard let file = try run.bestWeights else { continue }
                    let summary = file.network.summary()
                    let name = runs.count > 1 ? ", \(run.name)" : ""
                    var parameters = BarChart("Parameters by layer\(name)", x: "kB")
                    var work = BarChart("Multiply-adds by layer\(name)", x: "millions, one typical input")
                    for part in summary.parts {
                        parameters.add(part.name, Double(part.parameters * 4) / 1000)
                        work.add(part.name, Double(part.multiplyAdds) / 1e6)
                    }
                    for chart in [parameters, work] {
                        grid.chart(chart, wide: (560, chart.naturalHeight), narrow: (358, chart.naturalHeight))
                    }
                }
            }
            let files = runs.flatMap { run in
                run.checkpoints.map { [runs.count > 1 ? "\(run.name)/\($0.name)" : $0.name, Self.size($0.bytes)] }
            }
            if !files.isEmpty { section.table("Files", ["file", "size"], files, isNumeric: true) }
            for run in runs {
                let rows = try run.outcome.map { [$0.key, Self.cell($0.value)] }
                if !rows.isEmpty { section.table("Outcome of \(run.name)", ["outcome", ""], rows) }
            }
        }
    }

    private static func size(_ bytes: Int) -> String {
        bytes < 1_000_000 ? "\((bytes + 999) / 1000) kB" : "\((bytes + 999_999) / 1_000_000) MB"
    }

    /// A value in a table: a string without quotes; data by their versions.
    static func cell(_ value: JSONText) -> String {
        if let samples = value.object?["samples"]?.count, let version = value.object?["version"]?.string {
            return "\(samples) samples, version \(version.prefix(12))"
        }
        return value.string.map { File.shown($0) } ?? value.text
    }
}

extension RunSummary {
    /// What is recorded at the end of training; nothing before.
    fileprivate var outcome: [(key: String, value: JSONText)] {
        get throws {
            let path = "\(directory)/outcome.json"
            guard File.exists(path), let json = try? JSONText(parsing: try File.readBytes(path)) else { return [] }
            return json.leaves
        }
    }

    /// The best weights; nil before the end of the first epoch, or for a network that is not registered here.
    fileprivate var bestWeights: WeightsFile? {
        get throws {
            let path = "\(directory)/\(WeightsFile.bestName)"
            return File.exists(path) && Registries.networks[network] != nil ? try WeightsFile(path) : nil
        }
    }
}

extension Summary {
    /// The outermost layers with the sums of what is inside them; of many, the largest and the rest.
    fileprivate var parts: [(name: String, parameters: Int, multiplyAdds: Int)] {
        var parts: [(name: String, parameters: Int, multiplyAdds: Int)] = []
        for line in lines where line.parameters + line.fixedParameters + line.multiplyAdds > 0 {
            // Numbered layers of a list have bars of their own.
            let steps = line.path.split(separator: ".")
            let depth = steps.count > 1 && Int(steps[1]) != nil ? 2 : 1
            let name = steps.isEmpty ? "itself" : steps.prefix(depth).joined(separator: ".")
            let size = line.parameters + line.fixedParameters
            if let place = parts.firstIndex(where: { $0.name == name }) {
                parts[place].parameters += size
                parts[place].multiplyAdds += line.multiplyAdds
            } else {
                parts.append((name, size, line.multiplyAdds))
            }
        }
        guard parts.count > 16 else { return parts }
        let rest = parts.sorted { $0.parameters > $1.parameters }.dropFirst(15)
        let names = Set(rest.map(\.name))
        parts.removeAll { names.contains($0.name) }
        let (size, work) = rest.reduce((0, 0)) { ($0.0 + $1.parameters, $0.1 + $1.multiplyAdds) }
        parts.append(("\(rest.count) more", size, work))
        return parts
    }
}
