import DuctusHandwritingTestSupport
import DuctusReports
import DuctusTestSupport
import Testing

@Suite struct RunReportTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try TinyLines.write(to: folder.file("data"))
        for (name, epochs, rate) in [("first", 1, 0.01), ("second", 2, 0.001)] {
            var experiment = try TinyLines.experiment(directory: folder.file("data"), epochs: epochs)
            experiment.training.rate = rate
            if name == "second" { experiment.training.startsFrom = folder.file("first") }
            try Run.create(experiment, at: folder.file(name)).train(callbacks: [])
        }
    }

    private func page(_ names: String..., isEvaluated: Bool = false) throws -> (text: String, root: XMLElement) {
        let runs = try names.map { try RunSummary(folder.file($0)) }
        let text = try RunReport(runs, isEvaluated: isEvaluated).html()
        #expect(text.hasPrefix("<!doctype html>\n"))
        let file = try folder.write(Array(text.drop { $0 != "\n" }.utf8), to: "report.xml")
        return (text, try XMLReader.element(contentsOf: file))
    }

    @Test func aReportNeedsNothingElse() throws {
        let (text, root) = try page("second", isEvaluated: true)
        #expect(root.child("head")?.child("title")?.text == "second")
        let links = text.matches(of: /(?:src|href|url)\s*[=(]\s*"?([^")]+)/).map { String($0.1) }
        #expect(links.count > 5)
        for link in links { #expect(link.hasPrefix("#") || link.hasPrefix("data:image/png;base64,"), "\(link)") }
        #expect(!text.contains("<script"))
        #expect(!text.contains("@import"))
    }

    @Test func everyLinkLeadsToASection() throws {
        for root in [try page("first").root, try page("first", "second").root] {
            let ids = Set((root.descendants("section") + root.descendants("main")).compactMap { $0.attributes["id"] })
            let links = root.descendants("a").compactMap { $0.attributes["href"] }
            #expect(links.count >= 5)
            for link in links { #expect(ids.contains(String(link.dropFirst())), "\(link)") }
        }
    }

    @Test func curvesAndOriginAreShown() throws {
        let (text, root) = try page("second")
        let titles = Set(root.descendants("svg").compactMap { $0.child("title")?.text })
        #expect(titles.isSuperset(of: ["Loss", "characterAccuracy, validation", "Seconds per epoch"]), "\(titles)")
        #expect(text.contains("lines train"))
        #expect(text.contains("instructionSet"))
        #expect(text.contains("were not evaluated for this report"))
    }

    @Test func stepsAreShownIfTheyWereRecorded() throws {
        let lines = (1...2).map { "{\"step\": \($0), \"training\": {\"gradientNorm\": \(5 - $0)}}\n" }
        try folder.write(lines.joined(), to: "first/metrics.jsonl")
        try File.remove(folder.file("second/metrics.jsonl"))
        #expect(try page("first").text.contains("Norm of the gradients"))
        #expect(try !page("second").text.contains("Norm of the gradients"))
    }

    @Test func whatDiffersFromTheParentIsShown() throws {
        let (text, root) = try page("second")
        #expect(text.contains("What differs from first"))
        let table = try #require(root.descendants("div").first { $0.attributes["aria-label"] == "Differences" })
        let keys = table.descendants("tbody").flatMap { $0.descendants("th").map(\.text) }
        #expect(keys == ["training.epochs", "training.rate", "training.startsFrom"])
    }

    @Test func runsAreCompared() throws {
        let (text, root) = try page("first", "second")
        #expect(root.child("head")?.child("title")?.text == "Comparison of 2 runs")
        #expect(text.contains("training.rate"))
        let results = try #require(
            root.descendants("div").first { $0.attributes["aria-label"] == "Results of the best epochs" })
        let cells = results.descendants("td").map(\.text)
        let values = try ["first", "second"].map { try #require(RunSummary(folder.file($0)).bestValue).short }
        for value in values { #expect(cells.contains(value), "\(cells)") }
    }

    @Test func figuresAreThoseOfTheEvaluation() throws {
        let (text, root) = try page("second", isEvaluated: true)
        let result = try Evaluation.lines(
            LineReader(folder.file("second")),
            on: LineDataset(kind: "lines", directory: folder.file("data"), split: "validation"))
        let figures = root.descendants("dd").map(\.text)
        #expect(figures.contains(result.cer.percent))
        #expect(figures.contains(result.wer.percent))
        let pictures = root.descendants("img")
        #expect(pictures.count >= 2)
        for picture in pictures { #expect(picture.attributes["alt"]?.isEmpty == false) }
        #expect(text.contains("The data do not say who wrote the lines."))
    }

    /// The table of the layers, by the name of the layer.
    private func layers(_ root: XMLElement) throws -> [String: [Double?]] {
        let table = try #require(
            root.descendants("div").first { $0.attributes["aria-label"] == "Layers of second" }
        ).descendants("tbody")[0]
        let rows = table.descendants("tr").map { row in
            (row.descendants("th")[0].text, row.descendants("td").map { Double($0.text) })
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    @Test func theCostOfInferenceIsShownByLayer() throws {
        let (text, root) = try page("second")
        #expect(text.contains("inference of one typical input"))
        let layers = try layers(root)
        let summary = try WeightsFile(folder.file("second")).network.summary()
        #expect(layers.values.compactMap { $0[3] }.reduce(0, +) == Double(summary.parameters + summary.fixedParameters))
        #expect(layers.values.contains { $0[0] ?? 0 > 0 })
        #expect(layers.values.allSatisfy { $0[1] == 0 })
    }

    @Test func theCostOfATrainingStepIsShownByLayer() throws {
        let (text, root) = try page("second", isEvaluated: true)
        #expect(text.contains("a training step of 3 samples at most"))
        let layers = try layers(root)
        #expect(layers.values.contains { $0[1] ?? 0 > 0 })
        #expect(layers.values.contains { $0[2] ?? 0 > 0 })
    }

    @Test func aRunWithoutEpochsHasAReport() throws {
        let experiment = try TinyLines.experiment(directory: folder.file("data"), epochs: 1)
        _ = try Run.create(experiment, at: folder.file("new"))
        #expect(try page("new").text.contains("No epoch is finished yet."))
    }

    @Test func missingDataAreNamed() throws {
        try File.remove(folder.file("data/lines.tsv"))
        let error = #expect(throws: (any Error).self) { try page("first", isEvaluated: true) }
        #expect("\(String(describing: error))".contains("lines.tsv"), "\(String(describing: error))")
    }
}
