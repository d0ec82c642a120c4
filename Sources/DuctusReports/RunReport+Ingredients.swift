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
                section.element(
                    "p",
                    PretrainedWeights(rawValue: start) != nil
                        ? "Training started from the weights that come with Ductus."
                        : "Training started from \(start), which is not there any more.")
            }
            for run in runs {
                section.element("details", runs.count == 1 && parent == nil ? [("open", "")] : []) { details in
                    details.element("summary", runs.count == 1 ? "All keys" : "All keys of \(run.name)")
                    let rows = run.configuration.leaves.filter { $0.value != .null }.map {
                        [$0.key, $0.value.shown]
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
                    let rows = provenance.codeVersions.map { [$0.key, $0.value.shown] }
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
        let cells = rows.map { row in [row.key] + row.values.map { $0.map(\.shown) ?? "–" } }
        page.table("Differences", ["key"] + head, cells)
    }

    /// Time by epoch, and what the layers of the best weights cost.
    func addCost(to page: inout HTML) throws {
        try page.section("Time and size") { section in
            var chart = LineChart("Seconds per epoch", x: "epoch", y: "with validation")
            for (number, run) in runs.enumerated() {
                let points = run.history.map { (x: Double($0.epoch), y: $0.seconds) }
                chart.add(runs.count > 1 ? run.name : "", points, color: number)
            }
            if !chart.isEmpty { section.element("div", [("class", "grid")]) { $0.chart(chart) } }
            for (run, costs) in zip(runs, costs) {
                if let costs { addLayers(costs, of: run, to: &section) }
            }
            let files = runs.flatMap { run in
                run.checkpoints.map {
                    [runs.count > 1 ? "\(run.name)/\($0.name)" : $0.name, File.shown(bytes: $0.bytes)]
                }
            }
            if !files.isEmpty { section.table("Files", ["file", "size"], files, isNumeric: true) }
            for run in runs {
                let rows = try run.outcome.map { [$0.key, $0.value.shown] }
                if !rows.isEmpty { section.table("Outcome of \(run.name)", ["outcome", ""], rows) }
            }
        }
    }

    private func addLayers(_ costs: LayerCosts, of run: RunSummary, to page: inout HTML) {
        let name = runs.count > 1 ? ", \(run.name)" : ""
        let measures: [(title: String, unit: String, value: (LayerCosts.Part) -> Double)] = [
            ("Time by layer", "ms", { 1000 * $0.totalSeconds }),
            ("Memory by layer", "MB, outputs and gradients", { Double($0.bytes) / 1e6 }),
            ("Parameters by layer", "kB", { Double($0.parameters * 4) / 1000 }),
            ("Multiply-adds by layer", "millions, one typical input", { Double($0.multiplyAdds) / 1e6 }),
        ]
        page.element("div", [("class", "grid")]) { grid in
            for measure in measures {
                var chart = BarChart("\(measure.title)\(name)", x: measure.unit)
                for part in costs.parts { chart.add(part.name, measure.value(part)) }
                grid.chart(chart, wide: (560, chart.naturalHeight), narrow: (358, chart.naturalHeight))
            }
        }
        page.element("p", [("class", "quiet")], costs.note)
        page.element("details") { details in
            details.element("summary", "All layers as a table")
            details.table(
                "Layers of \(run.name)",
                ["layer", "forward, ms", "backward, ms", "memory, MB", "parameters", "multiply-adds, millions"],
                costs.parts.map {
                    [
                        $0.name, (1000 * $0.seconds.forward).fixed(2), (1000 * $0.seconds.backward).fixed(2),
                        (Double($0.bytes) / 1e6).fixed(2), "\($0.parameters)", (Double($0.multiplyAdds) / 1e6).fixed(2),
                    ]
                }, isNumeric: true)
        }
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
}
