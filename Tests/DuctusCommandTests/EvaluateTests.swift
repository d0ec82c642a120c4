import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

/// Evaluations of pictures under a condition, and of what other programs read.
@Suite struct EvaluateTests {
    private let folder: TemporaryFolder
    private let set: [String]

    init() throws {
        folder = try TemporaryFolder()
        try TinyPages.write(to: folder.file("pages"))
        try TinyModels.write(to: folder.file("model"))
        set = ["--dataset", "iam", "--data", folder.file("pages"), "--split", "validation", "--json"]
    }

    @Test func picturesAreWrittenAsTheyAreRead() throws {
        let pictures = folder.file("pictures")
        let model = ["--weights", folder.file("model"), "--condition", "inverted", "--pictures", pictures]
        try Ductus.run("evaluate", ["pages"] + set + model).expectSuccess()
        let data = try DetectionDataset(kind: "iam", directory: folder.file("pages"), split: "validation")
        #expect(File.names(in: pictures).sorted() == data.pages.map { "\($0.name).png" }.sorted())
        let page = data.pages[0]
        #expect(try Image(contentsOf: "\(pictures)/\(page.name).png") == page.image().grayscale().inverted())
    }

    @Test func whatAnotherProgramReadIsEvaluated() throws {
        let readings = folder.file("readings")
        let data = try DetectionDataset(kind: "iam", directory: folder.file("pages"), split: "validation")
        try File.createDirectory(readings)
        for page in data.pages {
            let text = page.page.text.replacing("\n", with: " \n\n") + "\n\u{C}"
            try File.write(Array(text.utf8), to: "\(readings)/\(page.name).txt")
        }
        let result = try Ductus.run("evaluate", ["pages"] + set + ["--readings", readings])
        result.expectSuccess()
        let values = try #require(JSONText(parsing: Array(result.output.utf8)).object)
        #expect(values["cer"]?.number == 0)
        #expect(values["decoder"] == nil)
        try File.remove("\(readings)/\(data.pages[0].name).txt")
        let missing = try Ductus.run("evaluate", ["pages"] + set + ["--readings", readings])
        #expect(missing.status == 1)
        #expect(missing.errors.contains("\(readings)/\(data.pages[0].name).txt"), "\(missing)")
    }

    @Test func linesAreReadUnderAConditionToo() throws {
        let model = ["--weights", "\(folder.file("model"))/\(PageReader.readerName)"]
        try Ductus.run("evaluate", ["lines"] + set + model + ["--condition", "half-resolution"]).expectSuccess()
        let wrong = try Ductus.run("evaluate", ["lines"] + set + model + ["--condition", "fog"])
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("--condition must be one of"), "\(wrong)")
    }
}
