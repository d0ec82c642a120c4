import DuctusReading
import DuctusTestSupport
import Testing

@Suite struct PretrainedWeightsTests {
    @Test(arguments: PretrainedWeights.allCases) func readEnglishAndFrench(weights: PretrainedWeights) throws {
        let reader = try PageReader.pretrained(weights)
        #expect(Set(reader.languageModels.map(\.language)) == ["en", "fr"])
    }

    @Test func namesStandForDirectories() throws {
        #expect(try PretrainedWeights.path("open") == PretrainedWeights.open.directory())
        #expect(try PretrainedWeights.path("pretrained", file: "x") == PretrainedWeights.research.directory() + "/x")
        #expect(try PretrainedWeights.path("./open") == "./open")
        let reader = try PretrainedWeights.path("open", file: PageReader.readerName)
        #expect(try PretrainedWeights.directory(besides: reader) == PretrainedWeights.open.directory())
        #expect(throws: ArchiveError.self) { try PretrainedWeights.path("open", file: "characters.safetensors") }
        #expect(try PretrainedWeights.path("runs/open", file: "x") == "runs/open")
    }

    /// Detectors, readers, and language models of both sets; what one has of the other is a link.
    @Test func takeThirtyMegabytes() throws {
        let directory = try PretrainedWeights.research.directory()
        let files = ["", "/open"].flatMap { folder in
            [PageReader.detectorName, PageReader.readerName, "english.lm"].map { directory + folder + "/" + $0 }
        }
        let sizes = try (files + ["\(directory)/french.lm"]).map { try #require(File.size($0)) }
        #expect(sizes.reduce(0, +) <= 30_000_000)
    }

    /// Those for research were trained on data that permit no more.
    @Test(arguments: [PageReader.readerName, PageReader.detectorName]) func networksAreOfOneSet(name: String) throws {
        let paths = try PretrainedWeights.allCases.map { try $0.directory() + "/" + name }
        let hashes = try paths.map { try ContentHash(contentsOf: $0) }
        #expect(hashes[0] != hashes[1])
    }

    @Test func pagesAreReadWithBoth() throws {
        let root = File.directory(of: File.directory(of: File.directory(of: #filePath)))
        let page = try Image(contentsOf: "\(root)/Examples/SamplePage/sample.png")
        for weights in PretrainedWeights.allCases {
            let lines = try PageReader.pretrained(weights).read(page).lines
            #expect(lines.count == 7, "\(weights)")
            #expect(lines.allSatisfy { $0.text.count > 10 }, "\(weights): \(lines.map(\.text))")
        }
    }
}
