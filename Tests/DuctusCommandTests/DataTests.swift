import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

@Suite struct DataTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try TinyLines.write(to: folder.file("tiny"))
    }

    private func data(_ arguments: String...) throws -> Ductus.Result {
        try Ductus.Run(["data"] + arguments, environment: ["DUCTUS_STORE": folder.file("store")]).wait()
    }

    private func json(_ result: Ductus.Result) throws -> JSONText { try JSONText(parsing: Array(result.output.utf8)) }

    @Test func dataSetsAreListed() throws {
        let list = try data("list")
        list.expectSuccess()
        #expect(
            list.output.split(separator: "\n").map { $0.prefix(7) } == ["name   ", "emnist ", "iam    ", "mnist  "])
        #expect(try json(data("list", "--json")).array?.count == 3)
    }

    @Test func aDirectoryIsImportedVerifiedAndShown() throws {
        let imported = try data("import", folder.file("tiny"), "--version", "1")
        #expect(imported.status == 0, "\(imported)")
        #expect(imported.output == folder.file("store/data/tiny@1") + "\n")
        #expect(imported.errors.hasPrefix("Imported tiny@1: 11 files, manifest "))
        #expect(try data("verify", "tiny").errors == "All 11 files of tiny@1 are right.\n")
        let shown = try json(data("show", "tiny", "--json", "--sheet", folder.file("sheet.png")))
        #expect(shown.object?["splits"]?.array?.count == 2)
        #expect(shown.object?["manifest"]?.string?.count == 64)
        #expect(try Image(contentsOf: folder.file("sheet.png")).width > 100)
        try File.remove(folder.file("store/data/tiny@1/lines/ab.png"))
        let wrong = try data("verify", "tiny")
        #expect(wrong.status == 1)
        #expect(wrong.output == "lines/ab.png: missing\n")
        #expect(wrong.errors.hasPrefix("ductus: tiny@1: 1 of 11 files are wrong"))
    }

    @Test func aDirectoryIsShownForPeople() throws {
        let shown = try data("show", folder.file("tiny"), "--characters", "iam")
        shown.expectSuccess()
        #expect(shown.output.contains("train"))
        #expect(shown.output.contains("lengths of train"))
        #expect(shown.output.contains("not in the alphabet  none"), "\(shown.output)")
    }

    @Test func versionsAreCompared() throws {
        _ = try data("import", folder.file("tiny"))
        try File.remove(folder.file("tiny/lines/ab.png"))
        let table = String(decoding: try File.readBytes(folder.file("tiny/lines.tsv")), as: UTF8.self)
        try folder.write(
            table.replacing("train\tpage\tab.png\tab\n", with: "").replacing("ba.png\tba", with: "ba.png\tbb"),
            to: "tiny/lines.tsv")
        _ = try data("import", folder.file("tiny"), "--version", "2")
        let difference = try data("diff", "tiny@1", "tiny@2")
        difference.expectSuccess()
        #expect(
            difference.output == """
                - removed  lines/ab.png
                ~ text  lines/ba.png: “ba” → “bb”
                0 added, 1 removed, 0 changed pictures, 1 changed texts, 0 moved, 8 the same

                """)
        #expect(try json(data("diff", "tiny@1", "tiny@2", "--json")).object?["removed"]?.array?.count == 1)
    }

    @Test(arguments: [
        (["fetch", "mnits"], "mnits", "did you mean \"mnist\"?"),
        (["fetch", "iam"], "iam@3.0", "--accept-terms"),
        (["fetch", "iam", "--accept-terms"], "iam", "https://fki.tic.heia-fr.ch/register"),
        (["verify", "mnist"], "mnist@1998", "ductus data fetch mnist"),
        (["show", "mnist"], "mnist@1998", "ductus data fetch mnist"),
        (["fetch", "none.yaml"], "none.yaml", "there is no such file"),
        (["import", "mnist"], "mnist", "no directory"),
        (["import", "iam", "other.tgz"], "other.tgz", "has no source of that name"),
    ])
    func mistakesAreExplained(arguments: [String], file: String, message: String) throws {
        let result = try Ductus.Run(["data"] + arguments, environment: ["DUCTUS_STORE": folder.file("store")]).wait()
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("ductus: \(file): "), "\(result.errors)")
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test func aConfigurationIsExamined() throws {
        try folder.write(TinyLines.experiment(directory: folder.file("tiny"), epochs: 2).text, to: "tiny.json")
        let healthy = try Ductus.run("doctor", folder.file("tiny.json"))
        #expect(healthy.status == 0, "\(healthy)")
        #expect(healthy.output.contains("Nothing is wrong with the data."))
        #expect(healthy.output.contains("an epoch"))
        try folder.write("no picture", to: "tiny/lines/ab.png")
        let ill = try Ductus.run("doctor", folder.file("tiny.json"), "--json")
        #expect(ill.status == 1)
        #expect(ill.errors == "ductus: \(folder.file("tiny.json")): 1 problem would spoil the training.\n")
        let report = try json(ill).object ?? [:]
        #expect(report["findings"]?.array?.count == 1)
        #expect(report["machine"]?.object?["blas"]?.string?.contains("OpenBLAS") == true)
    }

    @Test func theMachineIsExamined() throws {
        let result = try Ductus.run("doctor")
        result.expectSuccess()
        #expect(result.output.contains("GFLOP/s"))
    }
}
