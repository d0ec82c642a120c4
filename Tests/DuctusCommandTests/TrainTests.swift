import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusModels
import DuctusTestSupport
import Testing

@Suite struct TrainTests {
    private let folder: TemporaryFolder
    private let configuration: String

    init() throws {
        folder = try TemporaryFolder()
        configuration = folder.file("tiny.json")
        try TinyLines.write(to: folder.file("data"))
        let text = TinyLines.configuration(directory: folder.file("data"), epochs: 30)
        try File.write(Array(text.utf8), to: configuration)
    }

    private func start(_ arguments: String...) throws -> Ductus.Run { try Ductus.Run(["train"] + arguments) }

    /// The only run in a directory of runs.
    private func run(in runs: String) throws -> String {
        let names = File.names(in: runs)
        #expect(names.count == 1)
        return try runs + "/" + #require(names.first)
    }

    private func tensors(_ run: String) throws -> [String: Tensor<Float>] {
        let checkpoint = try Checkpoint(contentsOf: "\(run)/\(Checkpoint.lastName)")
        return try Dictionary(
            uniqueKeysWithValues: checkpoint.archive.names.map { ($0, try checkpoint.archive.tensor($0)) })
    }

    @Test func trainsAndMeasures() throws {
        let result = try start(
            configuration, "--set", "training.epochs=2", "--seed", "5", "--runs", folder.file("runs")
        )
        .wait()
        let run = try run(in: folder.file("runs"))
        #expect(result.status == 0 && result.output == run + "\n", "\(result)")
        #expect(result.errors.contains("Epoch 2/2: loss ") && !result.errors.contains("\u{1B}"))
        let file = try ExperimentFile(contentsOf: "\(run)/configuration.json")
        #expect(file.configuration.training.seed == 5 && file.configuration.training.epochs == 2)
        let measured = try Ductus.run(
            "evaluate", "lines", "--dataset", "lines", "--data", folder.file("data"), "--split", "validation",
            "--weights", run, "--json")
        let keys = try #require(JSONText(parsing: Array(measured.output.utf8)).object).keys
        #expect(Set(keys) == ["lines", "cer", "wer", "characterAccuracy", "decoder", "seconds"])
        #expect(measured.status == 0 && measured.errors.isEmpty)
    }

    /// Killed again and again at moments of every kind, a training ends with the weights of an undisturbed one.
    @Test func survivesBeingKilled() throws {
        #expect(try start(configuration, "--runs", folder.file("undisturbed")).wait().status == 0)
        let expected = try tensors(run(in: folder.file("undisturbed")))

        let runs = folder.file("killed")
        var training = try start(configuration, "--runs", runs)
        func last() -> String? {
            File.names(in: runs).first.map { "\(runs)/\($0)/\(Checkpoint.lastName)" }.flatMap {
                File.exists($0) ? $0 : nil
            }
        }
        // Before the first checkpoint there is nothing to resume.
        while last() == nil { Ductus.pause(milliseconds: 1) }
        var random = RandomStream(seed: 1)
        for _ in 0..<8 {
            Ductus.pause(milliseconds: Int(random.next() % 40))
            training.kill()
            let run = try run(in: runs)
            #expect(throws: Never.self) { try Checkpoint(contentsOf: "\(run)/\(Checkpoint.lastName)") }
            training = try start("--resume", run)
            Ductus.pause(milliseconds: Int(random.next() % 120))
        }
        let end = training.wait()
        #expect(end.status == 0, "\(end)")
        #expect(try tensors(run(in: runs)) == expected)
    }

    @Test(arguments: [
        ("training.epoch=3", "training.epoch"), ("network.name=transformer", "transformer"),
        ("data.directory=/nowhere", "/nowhere"), ("data.directory=$DUCTUS_NOT_SET", "DUCTUS_NOT_SET"),
        ("training.batchSize=0", "training.batchSize"), ("network.filters=[1]", "filters"),
        ("data.training=none", "train, validation"),
    ])
    func refusesWhatCannotBe(change: String, message: String) throws {
        let result = try start(configuration, "--set", change, "--runs", folder.file("runs")).wait()
        #expect(result.status == 1 && result.errors.contains(message), "\(result)")
        #expect(result.output.isEmpty && result.errors.count { $0 == "\n" } == 1)
    }

    @Test func refusesFilesThatAreNone() throws {
        let missing = folder.file("none.json")
        #expect(try start(missing).wait().isRefusal(about: missing))
        try File.write(Array("{\n  \"name\": tiny\n}".utf8), to: configuration)
        let result = try start(configuration).wait()
        #expect(result.isRefusal(about: configuration) && result.errors.contains("line 2 is not JSON"), "\(result)")
        let resumed = try start("--resume", folder.file("none")).wait()
        #expect(resumed.isRefusal(about: folder.file("none/configuration.json")), "\(resumed)")
    }
}
