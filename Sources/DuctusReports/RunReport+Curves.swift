import DuctusCharts
import DuctusHandwriting

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension RunReport {
    func addCurves(to page: inout HTML) throws {
        try page.section("Curves") { section in
            guard runs.contains(where: { !$0.history.isEmpty }) else {
                return section.element("p", "No epoch is finished yet.")
            }
            section.element("div", [("class", "grid")]) { grid in
                for chart in epochCharts + stepCharts { grid.chart(chart) }
            }
            for run in runs {
                guard let picture = try run.samples else { continue }
                section.element("h3", "Predictions for some validation samples\(runs.count > 1 ? ", \(run.name)" : "")")
                section.element("figure", [("class", "scroller")]) { figure in
                    figure.single("img", [("src", picture), ("alt", "Validation samples with their predictions")])
                }
            }
            section.element("details") { details in
                details.element("summary", "All epochs as a table")
                for run in runs where !run.history.isEmpty {
                    if runs.count > 1 { details.element("h3", run.name) }
                    addHistory(of: run, to: &details)
                }
            }
        }
    }

    /// The curves of losses, of every validation result, and of the rate.
    private var epochCharts: [LineChart] {
        var charts = [losses]
        let names = Set(runs.flatMap { $0.history.flatMap(\.validation.keys) }).subtracting(["loss"])
        // The value that determines the best epoch comes first.
        let monitors = runs.compactMap(\.monitor)
        for name in names.sorted(by: { (monitors.contains($0) ? 0 : 1, $0) < (monitors.contains($1) ? 0 : 1, $1) }) {
            var chart = LineChart("\(name), validation", x: "epoch")
            for (number, run) in runs.enumerated() {
                let best = run.history.firstIndex { $0.epoch == run.best?.epoch }
                chart.add(label(run), points(of: run) { $0.validation[name] }, best: best, color: number)
            }
            charts.append(chart)
        }
        if steps.allSatisfy({ $0.series["rate"] == nil }) {
            var chart = LineChart("Learning rate at the end of an epoch", x: "epoch")
            for (number, run) in runs.enumerated() { chart.add(label(run), points(of: run) { $0.rate }, color: number) }
            charts.append(chart)
        }
        return charts
    }

    private var losses: LineChart {
        let values = runs.flatMap { $0.history.flatMap { [$0.loss, $0.validation["loss"] ?? $0.loss] } }
        var chart = LineChart("Loss", x: "epoch", scaleY: Self.scale(of: values))
        for (number, run) in runs.enumerated() {
            let name = runs.count > 1 ? "\(run.name), " : ""
            let color = runs.count > 1 ? number : 0
            chart.add("\(name)training", points(of: run) { $0.loss }, color: color, isDashed: runs.count > 1)
            let best = run.history.firstIndex { $0.epoch == run.best?.epoch }
            let validation = points(of: run) { $0.validation["loss"] }
            if validation.contains(where: { $0.y.isFinite }) {
                chart.add(
                    "\(name)validation", validation, best: run.monitor == "loss" ? best : nil,
                    color: runs.count > 1 ? color : 1)
            }
        }
        return chart
    }

    /// The curves of what was recorded at every step, with their means where there are many.
    private var stepCharts: [LineChart] {
        Set(steps.flatMap(\.series.keys)).sorted().map { name in
            let values = steps.flatMap { $0.series[name] ?? [] }.map(\.y)
            var chart = LineChart(
                Self.stepTitle(name), x: "step", scaleY: name == "rate" ? .linear : Self.scale(of: values))
            for (number, (run, records)) in zip(runs, steps).enumerated() {
                guard let points = records.series[name] else { continue }
                let hasMean = points.count > 400 && name != "rate"
                if hasMean {
                    chart.add("", points, color: number, opacity: 0.3)
                    chart.add(label(run), points.means(100), color: number)
                } else {
                    chart.add(label(run), points, color: number)
                }
            }
            return chart
        }
    }

    private static func stepTitle(_ name: String) -> String {
        let known = [
            "loss": "Training loss of every step", "rate": "Learning rate of every step",
            "gradientNorm": "Norm of the gradients", "updateNorm": "Norm of the updates",
            "samplesPerSecond": "Samples per second",
        ]
        return known[name] ?? "\(name), every step"
    }

    /// Losses that shrink to a twentieth are easier to read by their logarithms.
    private static func scale(of values: [Double]) -> Scale.Kind {
        let finite = values.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max(), low > 0, high > 20 * low else { return .linear }
        return .logarithmic
    }

    private func label(_ run: RunSummary) -> String { runs.count > 1 ? run.name : "" }

    private func points(of run: RunSummary, _ value: (EpochRecord) -> Double?) -> [(x: Double, y: Double)] {
        run.history.map { (Double($0.epoch), value($0) ?? .nan) }
    }

    private func addHistory(of run: RunSummary, to page: inout HTML) {
        let names = Set(run.history.flatMap { $0.validation.keys }).sorted()
        let head =
            ["epoch", "training loss"] + names.map { $0 == "loss" ? "validation loss" : $0 } + ["rate", "time"]
        let rows = run.history.map { record in
            ["\(record.epoch)", record.loss.short] + names.map { record.validation[$0]?.short ?? "" }
                + ["\(Float(record.rate))", Duration.seconds(record.seconds).short]
        }
        page.table("Epochs of \(run.name)", head, rows, isNumeric: true) { row, _ in
            run.history[row].epoch == run.best?.epoch
        }
    }

    /// The results of the best epochs side by side; the best run of each stands out.
    func addResults(to page: inout HTML) {
        page.section("Results") { section in
            let rows = comparison.metrics
            let head = ["best epoch of"] + runs.map(\.name)
            let cells =
                rows.map { [$0.key] + $0.values.map { $0?.number?.short ?? "" } }
                + [
                    ["epoch"] + runs.map { $0.best.map { "\($0.epoch)" } ?? "" },
                    ["time"] + runs.map { Duration.seconds($0.seconds).short },
                ]
            section.table("Results of the best epochs", head, cells, isNumeric: true) { row, column in
                guard rows.indices.contains(row), column > 0 else { return false }
                let values = rows[row].values.map { $0?.number }
                let isError = Self.isError(rows[row].key)
                let known = values.compactMap(\.self)
                return known.count > 1 && values[column - 1] != nil
                    && values[column - 1] == (isError ? known.min() : known.max())
            }
        }
    }

    /// Whether lower values are better: losses and error rates.
    private static func isError(_ name: String) -> Bool {
        ["loss", "cer", "wer", "error"].contains { name.lowercased().contains($0) }
    }
}

extension RunSummary {
    /// The picture of validation samples that the run keeps, within a page; nil if there is none.
    fileprivate var samples: String? {
        get throws {
            let path = "\(directory)/samples.png"
            guard File.exists(path) else { return nil }
            return "data:image/png;base64,"
                + Data(try File.readBytes(path, maximumBytes: 64 << 20)).base64EncodedString()
        }
    }
}
