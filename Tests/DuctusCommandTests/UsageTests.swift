import DuctusTestSupport
import Testing

@Suite struct UsageTests {
    @Test(arguments: [
        ["frobnicate"], ["read"], ["read", "x.png", "--format", "docx"], ["read", "x.png", "--threads", "0"],
        ["read", "x.png", "--threads", "many"], ["read", "x.png", "y.png", "--overlay", "z.png"],
        ["read", "x.png", "--decoder", "guess"], ["read", "x.png", "--format"], ["--lines"], ["train"],
        ["train", "a.json", "--resume", "b"], ["train", "--resume", "b", "--seed", "1"],
        ["train", "--resume", "b", "--set", "a=1"], ["evaluate", "lines"],
        ["evaluate", "lines", "--dataset", "lines", "--data", "x", "--split", "y", "--limit", "0"],
        ["read", "x.png", "--beam-width", "3"], ["read", "x.png", "--decoder", "beam", "--beam-width", "0"],
        ["read", "x.png", "--decoder", "best-path", "--beam-width", "3"],
        ["evaluate", "pages", "--dataset", "iam", "--data", "x", "--split", "y", "--decoder", "greedy"],
        ["evaluate", "detection", "--dataset", "iam", "--data", "x", "--split", "y", "--decoder", "beam"],
        ["synthesize", "lines"], ["synthesize", "lines", "--output", "x", "--text", "y", "--count", "0"],
        ["synthesize", "lines", "--output", "x", "--text", "y", "--count", "5", "--words", "9-2"],
        ["synthesize", "lines", "--output", "x", "--text", "y", "--count", "5", "--words", "2-"],
        ["lm", "train", "--text", "x"], ["lm", "train", "--text", "x", "--language", "English", "--output", "y"],
        ["lm", "train", "--text", "x", "--language", "en", "--output", "y", "--order", "9"],
        ["lm", "train", "--text", "x", "--language", "en", "--output", "y", "--weight", "0"],
        ["lm", "train", "--text", "x", "--language", "en", "--output", "y", "--weight", "1", "--weight", "2"],
        ["lm", "train", "--text", "x", "--language", "en", "--output", "y", "--size", "8MiB"], ["lm", "show"],
        ["evaluate", "detection", "--dataset", "iam", "--data", "x", "--split", "y", "--language", "en"],
        ["weights", "show"], ["weights", "convert", "a", "b"], ["weights", "convert", "--network", "mlp", "a"],
        ["weights", "convert", "--from", "keras", "--network", "mlp", "a", "b"],
        ["weights", "convert", "--task", "lines", "--network", "mlp", "a", "b"], ["evaluate"],
        ["evaluate", "poetry"], ["evaluate", "paragraphs"], ["evaluate", "paragraphs", "--weights", "none"],
        ["evaluate", "characters", "--dataset", "mnist", "--data", "x", "--split", "y", "--decoder", "beam"],
        ["runs", "list", "--filter", "rate"], ["runs", "list", "--descending"], ["runs", "show"],
        ["runs", "compare", "a"], ["runs", "remove"], ["runs", "forget", "a"],
    ])
    func invalidUsageHasStatusTwo(arguments: [String]) throws {
        let result = try Ductus.Run(arguments).wait()
        #expect(result.status == 2, "\(result)")
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("Usage: ductus"), "\(result)")
    }

    @Test(arguments: [
        ["--help"], ["read", "--help"], ["train", "--help"], ["evaluate", "--help"], ["help", "read"],
        ["weights", "--help"], ["weights", "convert", "--help"], ["synthesize", "lines", "--help"],
        ["lm", "--help"], ["lm", "train", "--help"], ["runs", "--help"], ["runs", "list", "--help"],
    ])
    func helpIsPrinted(arguments: [String]) throws {
        let result = try Ductus.Run(arguments).wait()
        result.expectSuccess()
        #expect(result.output.contains("ductus"))
    }

    @Test func unknownSubjectsSuggestTheNearest() throws {
        let result = try Ductus.run("evaluate", "linez")
        #expect(result.status == 2)
        #expect(result.errors.contains("(did you mean \"lines\"?)"))
        #expect(result.errors.contains("choose one of characters, lines, detection, baselines, pages"))
    }
}
