import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

@Suite struct LanguageModelCommandTests {
    private let folder: TemporaryFolder
    private let (text, model): (String, String)

    init() throws {
        folder = try TemporaryFolder()
        (text, model) = (folder.file("text.txt"), folder.file("tiny.lm"))
        try folder.write(String(repeating: "a cab backs a bad dab\n", count: 40), to: "text.txt")
    }

    private func train(_ arguments: String...) throws -> Ductus.Result {
        try Ductus.Run(["lm", "train", "--language", "xx", "--output", model] + arguments).wait()
    }

    @Test func modelsAreTrainedAndShown() throws {
        try folder.write("train\tp\ta.png\tbad cab\nvalidation\tp\tb.png\tzzz zzz\n", to: "lines/lines.tsv")
        try folder.write("", to: "lines/lines/a.png")
        let trained = try train(
            "--text", text, "--text", "lines:\(folder.file("lines"))", "--weight", "1", "--weight", "30", "--order", "4"
        )
        trained.expectSuccess()
        let shown = try Ductus.run("lm", "show", model)
        shown.expectSuccess()
        #expect(shown.output == trained.output)
        #expect(shown.output.contains("language    xx\n"))
        #expect(shown.output.contains("text        30 × lines\n"))
        // The validation split is not used.
        #expect(try LanguageModel(model).header.characters == " abcdks")
    }

    @Test func textsMayBeCompressed() throws {
        try train("--text", text).expectSuccess()
        let plain = try File.readBytes(model)
        try File.write(gzipped(File.readBytes(text)), to: text)
        try train("--text", text).expectSuccess()
        #expect(try File.readBytes(model) == plain)
    }

    @Test func unusableTextsAreRefused() throws {
        try train("--text", folder.file("none.txt")).expectRefusal(about: folder.file("none.txt"))
        try folder.write([0x61, 0x0A, 0xFF], to: "latin.txt")
        let refusal = try train("--text", folder.file("latin.txt"))
        refusal.expectRefusal(about: folder.file("latin.txt"))
        #expect(refusal.errors.contains("line 2 is not UTF-8"))
        #expect(try train("--text", "mnist:\(folder.path)").errors.contains("\"mnist\" has no lines"))
        #expect(!File.exists(model))
        try Ductus.run("lm", "show", text).expectRefusal(about: text)
    }

    @Test func languagesAreChosen() throws {
        let (weights, image) = (folder.file("reader.safetensors"), folder.file("line.png"))
        try TinyModels.writeReader(to: weights)
        try TinyLines.image("ab").writePNG(to: image)
        try train("--text", text).expectSuccess()
        try folder.write("validation\tp\tline.png\tab\n", to: "data/lines.tsv")
        try folder.write(File.readBytes(image), to: "data/lines/line.png")
        func evaluate(_ arguments: [String]) throws -> Ductus.Result {
            let data = ["--dataset", "lines", "--data", folder.file("data"), "--split", "validation"]
            return try Ductus.Run(["evaluate", "lines", "--weights", weights, "--json"] + data + arguments).wait()
        }
        // Language models beside the weights are used, unless told otherwise.
        for arguments in [[], ["--language", "xx"], ["--language", model]] {
            let result = try evaluate(arguments)
            #expect(result.output.contains(#""languages": ["xx"]"#))
            #expect(result.output.contains(#""decoder": "beam""#))
        }
        for arguments in [["--language", "none"], ["--decoder", "best-path"]] {
            let result = try evaluate(arguments)
            #expect(!result.output.contains("languages"))
            #expect(result.output.contains(#""decoder": "best-path""#))
        }
        let unknown = try evaluate(["--language", "tlh"])
        #expect(unknown.status == 2)
        #expect(unknown.errors.contains("There is no language model for \"tlh\"; choose "))
    }
}
