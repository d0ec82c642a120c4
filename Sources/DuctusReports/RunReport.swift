import DuctusCharts
import DuctusHandwriting

/// A page about one run, or a comparison of several: one HTML file without anything outside of it.
///
/// ```swift
/// let report = try RunReport([RunSummary("runs/lines")], isEvaluated: true, limit: 200)
/// try report.write(to: "report.html")
/// ```
///
/// It has what the files of the runs say. The errors of the best weights are only known if they are evaluated, which needs
/// the data of the run.
public struct RunReport: Sendable {
    /// The runs.
    public let runs: [RunSummary]
    let comparison: RunComparison
    let steps: [StepRecords]
    /// The run that the first one started from, if it is there.
    let parent: RunSummary?
    /// What the best weights do on the validation data; nil for a run that was not evaluated.
    let inspections: [RunInspection?]
    /// What the layers of the best weights cost; nil for a run without them.
    let costs: [LayerCosts?]

    /// Reads what the report needs, and measures what the layers cost.
    ///
    /// - Parameters:
    ///   - runs: one run, or several to compare.
    ///   - isEvaluated: whether the best weights are evaluated on the validation data of the configuration.
    ///   - limit: the number of samples that are evaluated, drawn at random; all of them if nil.
    /// - Throws: an error of a file, or of the data if the runs are evaluated.
    public init(_ runs: [RunSummary], isEvaluated: Bool = false, limit: Int? = nil) throws {
        precondition(!runs.isEmpty, "A report needs at least one run.")
        self.runs = runs
        comparison = RunComparison(runs)
        steps = try runs.map { try StepRecords(of: $0.directory) }
        parent = runs.count == 1 ? runs[0].parent : nil
        inspections = try runs.map { isEvaluated ? try RunInspection(of: $0, limit: limit) : nil }
        costs = try runs.map { try LayerCosts(of: $0, hasData: isEvaluated) }
    }

    /// The page.
    public func html() throws -> String {
        var body = HTML()
        body.element("a", [("class", "skip"), ("href", "#report")], "Skip to the report")
        addHeader(to: &body)
        try body.element("main", [("id", "report")]) { main in
            try addCurves(to: &main)
            if runs.count > 1 { addResults(to: &main) }
            for (run, inspection) in zip(runs, inspections) { try addInspection(inspection, of: run, to: &main) }
            addConfiguration(to: &main)
            addOrigin(to: &main)
            try addCost(to: &main)
        }
        body.element("footer", [("class", "quiet")], "Written by Ductus \(Release.version).")
        var page = HTML()
        page.markup("<!doctype html>")
        page.element("html", [("lang", "en")]) { html in
            html.element("head") { head in
                head.single("meta", [("charset", "utf-8")])
                head.single("meta", [("name", "viewport"), ("content", "width=device-width, initial-scale=1")])
                head.element("title", title)
                head.markup("<style>\n\(HTML.stylesheet)\n</style>")
            }
            html.element("body") { $0.markup(body.text) }
        }
        return page.text
    }

    /// Writes the page to a file.
    public func write(to path: String) throws { try File.write(Array(html().utf8), to: path) }

    private var title: String {
        runs.count == 1 ? runs[0].name : "Comparison of \(runs.count) runs"
    }

    private func addHeader(to page: inout HTML) {
        page.element("header") { header in
            header.element("h1", title)
            let run = runs[0]
            if runs.count == 1 {
                let created = run.provenance.map { ", started \($0.created.prefix(10))" } ?? ""
                header.element(
                    "p", [("class", "lead")], "\(run.task) · \(run.network) · \(run.state.rawValue)\(created)")
                header.element("dl", [("class", "figures")]) { list in
                    for (name, value) in Self.figures(of: run) {
                        list.element("div") {
                            $0.element("dt", name)
                            $0.element("dd", value)
                        }
                    }
                }
            } else {
                header.element("p", [("class", "lead")], runs.map(\.name).joined(separator: " · "))
            }
            header.element("nav", [("aria-label", "Sections")]) { nav in
                nav.element("ul") { list in
                    for name in sections {
                        list.element("li") { $0.element("a", [("href", "#\(HTML.anchor(name))")], name) }
                    }
                }
            }
        }
    }

    /// The headings of the page.
    private var sections: [String] {
        ["Curves"] + (runs.count > 1 ? ["Results"] : []) + runs.map(evaluationTitle)
            + ["Configuration", "Data, code, and machine", "Time and size"]
    }

    func evaluationTitle(_ run: RunSummary) -> String {
        runs.count == 1 ? "Evaluation" : "Evaluation of \(run.name)"
    }

    private static func figures(of run: RunSummary) -> [(String, String)] {
        var figures: [(String, String)] = []
        if let best = run.best {
            if let monitor = run.monitor, let value = best.metrics[monitor] { figures.append((monitor, value.short)) }
            for (name, value) in best.metrics.sorted(by: { $0.key < $1.key }) where name != run.monitor {
                figures.append((name == "loss" ? "validation loss" : name, value.short))
            }
            figures.append(("best epoch", "\(best.epoch)"))
        }
        figures.append(("epochs", "\(run.history.count) of \(run.plannedEpochs)"))
        figures.append(("time", Duration.seconds(run.seconds).short))
        return figures
    }
}

extension RunSummary {
    /// The run that training started from; nil if there was none, or it is gone.
    var parent: RunSummary? {
        guard let path = value("training.startsFrom")?.string, let expanded = try? File.expanded(path, file: directory)
        else { return nil }
        return try? RunSummary(File.isDirectory(expanded) ? expanded : File.directory(of: expanded))
    }
}
