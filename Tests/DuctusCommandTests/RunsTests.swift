import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

@Suite struct RunsTests {
    private let folder: TemporaryFolder
    private let runs: String

    init() throws {
        folder = try TemporaryFolder()
        runs = folder.file("runs")
        try TinyLines.write(to: folder.file("data"))
        for (name, epochs, rate) in [("a", 1, 0.01), ("b", 2, 0.001)] {
            var experiment = try TinyLines.experiment(directory: folder.file("data"), epochs: epochs)
            experiment.training.rate = rate
            try Run.create(experiment, at: "\(runs)/\(name)").train(callbacks: [])
        }
    }

    private func parse(_ result: Ductus.Result) throws -> JSONText { try JSONText(parsing: Array(result.output.utf8)) }

    private func names(_ arguments: String...) throws -> [String] {
        let result = try Ductus.run("runs", ["list", runs, "--json"] + arguments)
        result.expectSuccess()
        return try #require(try parse(result).array).compactMap { $0.object?["name"]?.string }
    }

    @Test func runsAreListed() throws {
        let result = try Ductus.run("runs", "list", runs)
        result.expectSuccess()
        let rows = result.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        try #require(rows.count == 3, "\(result.output)")
        #expect(rows[0] == ["name", "task", "network", "epochs", "state", "monitor", "best", "epoch", "time"])
        #expect(rows[2].prefix(6) == ["b", "lines", "crnn", "2/2", "finished", "characterAccuracy"])
        #expect(try Double(rows[2][6]) == Double(#require(RunSummary("\(runs)/b").bestValue).short))
    }

    @Test func runsAreSortedAndFiltered() throws {
        #expect(try names() == ["a", "b"])
        #expect(try names("--sort", "training.rate") == ["b", "a"])
        #expect(try names("--sort", "training.rate", "--descending") == ["a", "b"])
        #expect(try names("--filter", "training.rate < 0.005", "--filter", "state = finished") == ["b"])
        #expect(try names("--filter", "characterAccuracy > 1") == [])
        let unknown = try Ductus.run("runs", "list", runs, "--sort", "training.rat")
        #expect(unknown.status == 2)
        #expect(unknown.errors.contains(#"did you mean "training.rate"?"#), "\(unknown)")
    }

    @Test func aDamagedRunIsOneRow() throws {
        try folder.write("{", to: "runs/a/history.json")
        let result = try Ductus.run("runs", "list", runs)
        #expect(result.status == 0)
        #expect(result.output.contains("\na "))
        #expect(result.output.contains(" damaged\n"))
        #expect(result.output.contains("\nb "))
        #expect(result.errors.hasPrefix("ductus: \(runs)/a/history.json: "), "\(result)")
        #expect(result.errors.count { $0 == "\n" } == 1)
        try Ductus.run("runs", "show", "\(runs)/a").expectRefusal(about: "\(runs)/a/history.json")
    }

    @Test func missingDirectoriesAreRefused() throws {
        try Ductus.run("runs", "list", folder.file("none")).expectRefusal(about: folder.file("none"))
        let configuration = folder.file("none/configuration.json")
        try Ductus.run("runs", "show", folder.file("none")).expectRefusal(about: configuration)
        try Ductus.run("runs", "compare", "\(runs)/a", folder.file("none")).expectRefusal(about: configuration)
    }

    @Test func aRunIsShown() throws {
        let text = try Ductus.run("runs", "show", "\(runs)/b")
        text.expectSuccess()
        let lines = text.output.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("training.rate ") && $0.hasSuffix(" 0.001") }, "\(text.output)")
        #expect(lines.contains { $0.hasPrefix("lines train ") && $0.contains(" 8 samples, version ") })
        #expect(lines.contains { $0.hasPrefix("last.safetensors ") && $0.hasSuffix(" kB") })
        let shown = try Ductus.run("runs", "show", "\(runs)/b", "--json")
        shown.expectSuccess()
        let object = try #require(try parse(shown).object)
        #expect(try object["configuration"] == JSONText(parsing: File.readBytes("\(runs)/b/configuration.json")))
        #expect(object["history"]?.array?.count == 2)
        #expect(object["provenance"]?.object?["seed"]?.count == 1)
        #expect(
            object["outcome"]?.object?["epochs"]?.count == 2)
        #expect(
            object["checkpoints"]?.array?.first?.object?["bytes"]?.count == File.size("\(runs)/b/best.safetensors"))
    }

    @Test func runsAreCompared() throws {
        let text = try Ductus.run("runs", "compare", "\(runs)/a", "\(runs)/b")
        text.expectSuccess()
        let lines = text.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines.contains(["training.rate", "0.01", "0.001"]), "\(text.output)")
        #expect(lines.contains { $0.first == "characterAccuracy" })
        #expect(!text.output.contains("training.batchSize"))
        let result = try Ductus.run("runs", "compare", "\(runs)/a", "\(runs)/b", "--json")
        let object = try #require(try parse(result).object)
        #expect(
            object["configuration"]
                == .object([
                    "training.epochs": .array([.number("1"), .number("2")]),
                    "training.rate": .array([.number("0.01"), .number("0.001")]),
                ]))
        #expect(object["data"] == .object([:]))
    }

    @Test func runsAreRemoved() throws {
        let refused = try Ductus.run("runs", "remove", "\(runs)/a", folder.file("data"))
        refused.expectRefusal(about: folder.file("data"))
        let removed = try Ductus.run("runs", "remove", "\(runs)/a", "\(runs)/b", "--keep-best")
        #expect(removed.status == 0)
        #expect(removed.errors.hasPrefix("Removed \(runs)/a: last.safetensors, "), "\(removed)")
        #expect(removed.errors.contains("; kept best.safetensors.\n"))
        #expect(File.names(in: "\(runs)/b") == ["best.safetensors"])
        #expect(try names() == [])
    }

    @Test func aRunInTrainingIsNotRemoved() throws {
        let lock = try #require(try FileLock("\(runs)/a/.lock"))
        let (listed, refused) = try withExtendedLifetime(lock) {
            (try Ductus.run("runs", "list", runs), try Ductus.run("runs", "remove", "\(runs)/a"))
        }
        #expect(listed.output.contains(" running "), "\(listed)")
        refused.expectRefusal(about: "\(runs)/a")
        #expect(File.exists("\(runs)/a/last.safetensors"))
    }
}
