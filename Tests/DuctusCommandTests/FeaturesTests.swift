import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

@Suite struct FeaturesTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try TinyLines.write(to: folder.file("data"))
        try folder.write(TinyLines.experiment(directory: folder.file("data"), epochs: 1).text, to: "tiny.json")
    }

    private func ductus(_ arguments: String...) throws -> Ductus.Result {
        try Ductus.Run(arguments, environment: ["DUCTUS_FEATURES": folder.file("features")]).wait()
    }

    /// The messages of a training run about features.
    private func train(_ arguments: String...) throws -> [String] {
        let result = try Ductus.Run(
            ["train", folder.file("tiny.json"), "--runs", folder.file("runs")] + arguments,
            environment: ["DUCTUS_FEATURES": folder.file("features")]
        ).wait()
        #expect(result.status == 0, "\(result)")
        return result.errors.split(separator: "\n").filter { $0.hasPrefix("Features of lines ") }.map(String.init)
    }

    @Test func featuresAreReusedByTheNextRun() throws {
        let first = try train()
        #expect(first.count == 2)
        #expect(first.allSatisfy { $0.contains(" computed in ") }, "\(first)")
        let second = try train("--seed", "7")
        #expect(second.count == 2)
        #expect(second.allSatisfy { $0.contains(" read from ") }, "\(second)")
        let third = try train("--set", "input.margin=3")
        #expect(third.count == 2)
        #expect(third.allSatisfy { $0.contains(" computed in ") }, "\(third)")
    }

    @Test func theCacheCanBeDisabled() throws {
        #expect(try train("--no-feature-cache").isEmpty)
        #expect(try ductus("data", "features", "list").output.isEmpty)
    }

    @Test func theCacheIsListedAndCleared() throws {
        _ = try train()
        let list = try ductus("data", "features", "list")
        list.expectSuccess()
        #expect(list.output.split(separator: "\n").count == 2, "\(list)")
        #expect(list.output.contains("lines validation  2 examples  lines 1"), "\(list)")
        let entries = try JSONText(parsing: Array(ductus("data", "features", "list", "--json").output.utf8)).array
        #expect(entries?.count == 2)
        #expect(try ductus("data", "features", "clear").errors.hasPrefix("Removed 2 files from "))
        #expect(try ductus("data", "features", "list").output.isEmpty)
    }

    @Test func charactersOfLinesAreCounted() throws {
        let result = try ductus(
            "data", "features", "show", "--dataset", "lines", "--data", folder.file("data"), "--split", "train")
        #expect(result.output == "“a”  6\n“b”  6\n“c”  6\n", "\(result)")
    }
}
