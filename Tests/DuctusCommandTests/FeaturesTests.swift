import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

@Suite struct FeaturesTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try TinyLines.write(to: folder.file("data"))
        let text = TinyLines.configuration(directory: folder.file("data"), epochs: 1)
        try File.write(Array(text.utf8), to: folder.file("tiny.json"))
    }

    private func ductus(_ arguments: String...) throws -> Ductus.Result {
        try Ductus.Run(arguments, environment: ["DUCTUS_FEATURES": folder.file("features")]).wait()
    }

    @Test func keptFromRunToRun() throws {
        func train(_ arguments: String...) throws -> [String] {
            let result = try Ductus.Run(
                ["train", folder.file("tiny.json"), "--runs", folder.file("runs")] + arguments,
                environment: ["DUCTUS_FEATURES": folder.file("features")]
            ).wait()
            #expect(result.status == 0, "\(result)")
            return result.errors.split(separator: "\n").filter { $0.hasPrefix("Features of lines ") }.map(String.init)
        }
        let first = try train()
        #expect(first.count == 2 && first.allSatisfy { $0.contains(" computed in ") }, "\(first)")
        let second = try train("--seed", "7")
        #expect(second.count == 2 && second.allSatisfy { $0.contains(" read from ") }, "\(second)")
        #expect(try train("--no-feature-cache").isEmpty)
        let third = try train("--set", "input.margin=3")
        #expect(third.count == 2 && third.allSatisfy { $0.contains(" computed in ") }, "\(third)")

        let list = try ductus("data", "features", "list")
        #expect(list.status == 0 && list.output.split(separator: "\n").count == 4, "\(list)")
        #expect(list.output.contains("lines validation  2 examples  lines 1"), "\(list)")
        let entries = try JSONText(parsing: Array(ductus("data", "features", "list", "--json").output.utf8)).array
        #expect(entries?.count == 4)
        #expect(try ductus("data", "features", "clear").errors.hasPrefix("4 files removed"))
        #expect(try ductus("data", "features", "list").output.isEmpty)
    }

    @Test func countsCharacters() throws {
        let result = try ductus(
            "data", "features", "show", "--dataset", "lines", "--data", folder.file("data"), "--split", "train")
        #expect(result.output == "“a”  6\n“b”  6\n“c”  6\n", "\(result)")
    }
}
