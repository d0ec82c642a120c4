import DuctusCharts
import DuctusHandwriting

/// What the best weights of a run do.
extension RunReport {
    func addInspection(_ inspection: RunInspection?, of run: RunSummary, to page: inout HTML) throws {
        page.section(evaluationTitle(run)) { section in
            switch inspection {
            case nil:
                section.element(
                    "p",
                    "The best weights were not evaluated for this report, so that single errors are not known. With the data "
                        + "of the run at hand, ductus runs report --evaluate shows them.")
            case .figures(let figures):
                Self.add(figures.sorted { $0.key < $1.key }.map { ($0.key, $0.value.short) }, to: &section)
            case .lines(let lines): Self.add(lines, to: &section)
            case .pages(let pages):
                Self.add(pages.figures, to: &section)
                section.element("h3", "Pages")
                section.element("div", [("class", "grid")]) { grid in
                    for sample in pages.samples {
                        grid.element("figure", [("class", "page")]) { figure in
                            figure.single("img", [("src", sample.picture), ("alt", "The page \(sample.name)")])
                            figure.element("figcaption", "\(sample.name): \(sample.note)")
                        }
                    }
                }
            }
        }
    }

    private static func add(_ figures: [(name: String, value: String)], to page: inout HTML) {
        page.element("dl", [("class", "figures")]) { list in
            for (name, value) in figures {
                list.element("div") {
                    $0.element("dt", name)
                    $0.element("dd", value)
                }
            }
        }
    }

    private static func add(_ inspection: LineInspection, to page: inout HTML) {
        add(inspection.figures, to: &page)
        if !inspection.worst.isEmpty {
            page.element("h3", "Worst lines")
            page.element("div", [("class", "lines")]) { for line in inspection.worst { add(line, to: &$0) } }
        }
        page.element("h3", "Best lines")
        page.element("div", [("class", "lines")]) { for line in inspection.best { add(line, to: &$0) } }
        page.element("h3", "Errors")
        page.element("div", [("class", "grid")]) { grid in
            if let chart = inspection.confusion {
                grid.element("div") { cell in
                    cell.chart(
                        chart, wide: (560, chart.naturalHeight(width: 560)),
                        narrow: (358, chart.naturalHeight(width: 358)))
                    cell.element(
                        "p", [("class", "quiet")],
                        "Errors are shaded by the square root of their share of the row. Column …: any other character; "
                            + "column –: missed.")
                }
            }
            grid.element("div") { cell in
                if let chart = inspection.reliability { cell.chart(chart, wide: (560, 400), narrow: (358, 340)) }
                if let chart = inspection.lengths { cell.chart(chart) }
            }
        }
        if !inspection.mistakes.isEmpty {
            page.element("details") { details in
                details.element("summary", "The most frequent mistakes as a table")
                details.table(
                    "The most frequent mistakes", ["truth", "answer", "count", "of"],
                    inspection.mistakes.prefix(40).map {
                        [$0.truth, $0.answer, "\($0.count)", $0.total.map { "\($0)" } ?? "–"]
                    }, isNumeric: true)
            }
        }
        addWriters(inspection.writers, to: &page)
    }

    private static func addWriters(_ writers: [LineInspection.Writer], to page: inout HTML) {
        page.element("h3", "Writers")
        guard !writers.isEmpty else { return page.element("p", "The data do not say who wrote the lines.") }
        var chart = BarChart(
            "Character error rate by writer", x: "with 95 % intervals over 1,000 resamples of their lines")
        for writer in writers.prefix(40) {
            chart.add(
                writer.name, writer.cer, interval: writer.interval,
                note: "\(writer.name), \(writer.lines) lines: \(writer.cer.percent), "
                    + "\(writer.interval.lowerBound.percent) – \(writer.interval.upperBound.percent)")
        }
        page.element("div", [("class", "grid")]) { grid in
            grid.chart(chart, wide: (560, chart.naturalHeight), narrow: (358, chart.naturalHeight))
        }
        if writers.count > 40 { page.element("p", [("class", "quiet")], "The worst 40 of \(writers.count) writers.") }
    }

    private static func add(_ line: LineInspection.Line, to page: inout HTML) {
        let alignment = Alignment(line.text, reference: line.reference)
        page.element("figure", [("class", "line")]) { figure in
            figure.single("img", [("src", line.picture), ("alt", "The line \(line.name)"), ("loading", "lazy")])
            for (label, isReference) in [("truth", true), ("read as", false)] {
                figure.element("p") { paragraph in
                    paragraph.element("span", [("class", "label")], label)
                    paragraph.markup("<span>\(alignment.markup(ofReference: isReference))</span>")
                }
            }
            let errors = alignment.distance == 1 ? "1 error" : "\(alignment.distance) errors"
            let writer = line.writer.map { ", writer \($0)" } ?? ""
            figure.element(
                "figcaption", "\(line.name)\(writer): \(errors), confidence \(line.confidence.fixed(2))")
        }
    }
}
