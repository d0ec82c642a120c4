import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

@Suite struct ProvenanceTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try TinyLines.write(to: folder.file("data"))
    }

    private func run(epochs: Int, changing task: (inout LineRecognition) -> Void = { _ in }) throws -> Run {
        var lines = TinyLines.task(directory: folder.file("data"))
        task(&lines)
        var experiment = try TinyLines.experiment(lines, epochs: epochs)
        experiment.training.seed = 7
        return try Run.create(experiment, at: folder.file("run"))
    }

    @Test func recordsDataCodeAndSeed() throws {
        let run = try run(epochs: 1)
        _ = try onThreads(2) { try run.train(callbacks: []) }
        let provenance = try #require(try run.provenance)
        #expect(provenance.seed == 7)
        #expect(provenance.ductus == Release.version)
        #expect(provenance.threads == 2)
        #expect(provenance.created.hasPrefix("20"))
        #expect(provenance.commit.map { $0.count == 40 } != false)
        #expect(provenance.monitor == "characterAccuracy")
        #expect(provenance.compiler?.hasPrefix("Swift 6.") == true)
        #expect(provenance.blas?.hasPrefix("OpenBLAS ") == true)
        #expect(provenance.instructionSet.map { ["portable", "x86-64-v3", "x86-64-v4"].contains($0) } == true)
        #expect(try #require(provenance.processors) > 0)
        #expect(provenance.data.map(\.name) == ["lines train", "lines validation"])
        #expect(provenance.data.map(\.samples) == [8, 2])
        let data = try LineDataset(
            kind: "lines", directory: folder.file("data"), split: "train", characters: Alphabet("abc"))
        #expect(try provenance.data[0].version == data.dataVersion().description)
    }

    @Test func paragraphsRecordTheirPages() throws {
        try TinyPages.write(to: folder.file("pages"))
        let experiment = try Experiment(
            name: "paragraphs", task: TinyPages.paragraphs(directory: folder.file("pages")),
            network: ParagraphTransformer.self,
            .init(classes: 5, height: 64, filters: [1, 1, 1, 1], blocks: 1, width: 4, layers: 1, heads: 1, hidden: 2))
        let preparation = Preparation(experiment)
        _ = try experiment.task.prepare(preparation)
        #expect(preparation.data.map(\.name) == ["paragraphs of iam train", "paragraphs of iam validation"])
        #expect(preparation.data.map(\.samples) == [4, 2])
    }

    /// What a resumed run reports.
    private func differences(_ run: Run) throws -> [String] {
        let preparation = Preparation(run.experiment)
        _ = try run.experiment.task.prepare(preparation)
        return try Provenance(of: run.experiment, data: preparation.data, dataSets: preparation.dataSets).differences(
            from: #require(try run.provenance))
    }

    private func writeVersion(_ version: String) throws {
        try folder.write(
            #"{"name": "letters", "version": "\#(version)", "manifest": "0f4e\#(version)"}"#,
            to: "data/.ductus/version.json")
    }

    @Test func dataWithAManifestHaveItInTheProvenance() throws {
        try writeVersion("1")
        let run = try run(epochs: 1)
        try run.train(callbacks: [])
        let sets = try #require(try run.provenance?.dataSets)
        #expect(sets == [DataSetVersion(name: "letters", version: "1", manifest: "0f4e1")])
        #expect(try differences(run).isEmpty)
        try writeVersion("2")
        let sentence =
            "The data set was letters@1 (manifest 0f4e1) when the run was started; "
            + "it is letters@2 (manifest 0f4e2) now."
        #expect(try differences(run) == [sentence])
        try File.remove(folder.file("data/.ductus/version.json"))
        #expect(try differences(run).isEmpty)
    }

    @Test func changedDataAreReported() throws {
        let run = try run(epochs: 1)
        try run.train(callbacks: [])
        #expect(try differences(run).isEmpty)
        try TinyLines.image("cba").writePNG(to: folder.file("data/lines/abc.png"))
        let sentences = try differences(run)
        try #require(sentences.count == 1)
        #expect(sentences[0].contains("“lines train” have changed"))
        #expect(sentences[0].contains("8 samples"))
    }

    @Test func changedTranscriptionsAreReported() throws {
        let run = try run(epochs: 1)
        try run.train(callbacks: [])
        let table = String(decoding: try File.readBytes(folder.file("data/lines.tsv")), as: UTF8.self)
        let lines = table.split(separator: "\n").filter { !$0.hasSuffix("\tbca") }
        try folder.write(lines.joined(separator: "\n") + "\n", to: "data/lines.tsv")
        let sentences = try differences(run)
        try #require(sentences.count == 1)
        #expect(sentences[0].contains("“lines validation” have changed"))
        #expect(sentences[0].contains("2 samples"))
        #expect(sentences[0].contains("1 sample ("))
    }

    /// Two data sets of the same kind have the same name.
    @Test func dataOfTheSameNameAreNotConfused() throws {
        try File.createDirectory(folder.file("more/lines"))
        try TinyLines.image("cc").writePNG(to: folder.file("more/lines/cc.png"))
        try folder.write("train\tpage\tcc.png\tcc\n", to: "more/lines.tsv")
        let run = try run(epochs: 1) { $0.data.extra = [.init(kind: "lines", directory: folder.file("more"))] }
        try run.train(callbacks: [])
        #expect(try run.provenance?.data.map(\.samples) == [8, 1, 2])
        #expect(try differences(run).isEmpty)
    }

    @Test func anotherLibraryIsReported() throws {
        let run = try run(epochs: 1)
        try run.train(callbacks: [])
        let path = "\(run.directory)/provenance.json"
        let json = try JSONText(parsing: File.readBytes(path)).setting(["blas"], to: .string("OpenBLAS 0.1 Katmai"))
        try File.write(Array(json.text.utf8), to: path)
        let sentences = try differences(run)
        try #require(sentences.count == 1)
        #expect(sentences[0].hasPrefix("The run was started with the BLAS OpenBLAS 0.1 Katmai; this is OpenBLAS "))
    }

    @Test func olderFilesAreRead() throws {
        let run = try run(epochs: 1)
        try folder.write(
            #"{"created": "2025-01-31T14:25:00Z", "ductus": "0.6.0", "machine": "Linux x86_64", "threads": 2, "#
                + #""seed": 7, "data": [{"name": "lines train", "samples": 8, "version": "00ff"}]}"#,
            to: "run/provenance.json")
        let provenance = try #require(try run.provenance)
        #expect(provenance.ductus == "0.6.0")
        #expect(provenance.isModified == nil)
        #expect(provenance.blas == nil)
        #expect(provenance.dataVersions.map(\.key) == ["lines train"])
    }

    /// Resuming keeps the provenance of the start.
    @Test func resumingKeepsTheProvenance() throws {
        let run = try run(epochs: 1)
        try run.train(callbacks: [])
        let before = try File.readBytes("\(run.directory)/provenance.json")
        try TinyLines.image("cba").writePNG(to: folder.file("data/lines/abc.png"))
        try Run.open(run.directory).train(callbacks: [])
        #expect(try File.readBytes("\(run.directory)/provenance.json") == before)
    }
}
