import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

@Suite struct TrainTests {
    private let folder: TemporaryFolder
    private let configuration: String

    init() throws {
        folder = try TemporaryFolder()
        configuration = folder.file("tiny.json")
        try TinyLines.write(to: folder.file("data"))
        try folder.write(TinyLines.experiment(directory: folder.file("data"), epochs: 30).text, to: "tiny.json")
    }

    private func start(_ arguments: String...) throws -> Ductus.Run { try Ductus.Run(["train"] + arguments) }

    /// The only run in a directory.
    private func run(in runs: String) throws -> String {
        let names = File.names(in: runs)
        try #require(names.count == 1)
        return "\(runs)/\(names[0])"
    }

    private func tensors(_ run: String) throws -> [String: Tensor<Float>] {
        let checkpoint = try Checkpoint(contentsOf: "\(run)/\(Checkpoint.lastName)")
        return try Dictionary(
            uniqueKeysWithValues: checkpoint.archive.names.map { ($0, try checkpoint.archive.tensor($0)) })
    }

    @Test func runsAreTrainedAndEvaluated() throws {
        let result = try start(
            configuration, "--set", "training.epochs=2", "--seed", "5", "--runs", folder.file("runs")
        )
        .wait()
        let run = try run(in: folder.file("runs"))
        #expect(result.status == 0, "\(result)")
        #expect(result.output == run + "\n")
        #expect(result.errors.contains("Epoch 2/2: loss "))
        #expect(!result.errors.contains("\u{1B}"))
        let experiment = try Run.open(run).experiment
        #expect(experiment.training.seed == 5)
        #expect(experiment.training.epochs == 2)
        let measured = try Ductus.run(
            "evaluate", "lines", "--dataset", "lines", "--data", folder.file("data"), "--split", "validation",
            "--weights", run, "--json")
        let keys = try #require(JSONText(parsing: Array(measured.output.utf8)).object).keys
        #expect(Set(keys) == ["lines", "cer", "cerInterval", "wer", "characterAccuracy", "decoder", "seconds"])
        measured.expectSuccess()
    }

    private func evaluate(_ task: String, _ arguments: [String]) throws -> [String: JSONText] {
        let result = try Ductus.Run(["evaluate", task, "--json"] + arguments).wait()
        result.expectSuccess()
        return try #require(JSONText(parsing: Array(result.output.utf8)).object)
    }

    @Test func paragraphRecognizersAreEvaluatedOnPages() throws {
        let data = folder.file("pages")
        try TinyPages.write(to: data)
        var training = TrainingConfiguration()
        (training.epochs, training.monitor, training.callbacks) = (2, "pageCER", [Choice(PageEvaluation())])
        let experiment = try Experiment(
            name: "paragraphs", task: TinyPages.paragraphs(directory: data), network: ParagraphTransformer.self,
            .init(
                classes: 5, height: 64, filters: [1, 1, 1, 2], blocks: 1, width: 4, layers: 1, heads: 1, hidden: 4,
                maximumLength: 12), training: training)
        try folder.write(experiment.text, to: "tiny.json")
        let result = try start(configuration, "--runs", folder.file("runs")).wait()
        let run = try run(in: folder.file("runs"))
        #expect(result.status == 0, "\(result)")
        #expect(result.errors.contains("validation pageCER "))
        let set = ["--dataset", "iam", "--data", data, "--split", "validation"]
        let pages = try evaluate("pages", set + ["--weights", run])
        #expect(Set(pages.keys) == ["pages", "cer", "cerInterval", "wer", "decoder", "seconds", "writers"])
        #expect(pages["decoder"]?.string == "best-path")
        #expect(pages["pages"]?.count == 2)
        let beam = try evaluate("pages", set + ["--weights", run, "--decoder", "beam"])
        #expect(beam["decoder"]?.string == "beam")
        #expect(beam["beamWidth"]?.count == 10)
        // The task itself is evaluated on the validation data of the run.
        #expect(Set(try evaluate("paragraphs", ["--weights", run]).keys) == ["samples", "loss", "characterAccuracy"])
        let image = folder.file("page.png")
        try TinyPages.page(["abc", "cab"]).image.writePNG(to: image)
        try Ductus.run("read", image, "--model", run).expectSuccess()
    }

    /// A line reader alone is combined with the pretrained detector.
    @Test func aSingleNetworkIsCombinedWithThePretrainedOne() throws {
        let (data, model) = (folder.file("pages"), folder.file("model"))
        try TinyPages.write(to: data)
        try TinyModels.write(to: model)
        let set = ["--dataset", "iam", "--data", data, "--split", "validation"]
        let both = try evaluate("pages", set + ["--weights", model])
        let words = ["evaluate", "pages"] + set + ["--weights", "\(model)/\(PageReader.readerName)", "--json"]
        let half = try Ductus.Run(words, environment: ["DUCTUS_MODEL": model]).wait()
        half.expectSuccess()
        #expect(try half.output.contains("\"cer\": \(#require(both["cer"]).text)"), "\(half)")
    }

    @Test(arguments: [("fcn", "detection"), ("crnn", "lines")]) func convertedWeightsAreEvaluated(
        network: String, task: String
    ) throws {
        let data = folder.file("pages")
        try TinyPages.write(to: data)
        let all = try TensorArchive(contentsOf: Goldens.path("port_inputs.safetensors"))
        var archive = TensorArchive()
        for name in all.names where name.hasPrefix("\(network)/") && !(name.contains("/0/") || name.contains("/1/")) {
            let key = String(name.dropFirst(network.count + 1))
            guard key.first?.isNumber == false, all.elementType(of: name) == .float32 else { continue }
            archive.set(key, to: try all.tensor(name, as: Float.self))
        }
        try archive.write(to: folder.file("state_dict.safetensors"))
        let characters = folder.file("characters.json")
        try File.write(Array(#"{"characters": "abcdef", "blank": 6}"#.utf8), to: characters)
        let sizes =
            network == "fcn"
            ? ["filters=2", "dilations=[1, 2, 3, 1]"] : ["filters=[2, 3, 4, 3, 5]", "hidden=4"]
        let converted = try Ductus.Run(
            ["weights", "convert", "--from", "pytorch", "--network", network, "--characters", characters]
                + sizes.flatMap { ["--set", $0] } + [folder.file("state_dict.safetensors"), folder.file("out")]
        ).wait()
        #expect(converted.status == 0, "\(converted)")
        let result = try evaluate(
            task, ["--dataset", "iam", "--data", data, "--split", "train", "--weights", folder.file("out")])
        #expect(result[task == "lines" ? "cer" : "pixelAccuracy"] != nil)
    }

    // MARK: Interruptions

    /// Waits for a condition, a minute at most.
    private func wait(for condition: () throws -> Bool) throws {
        for _ in 0..<60_000 {
            if try condition() { return }
            Ductus.pause(milliseconds: 1)
        }
        Issue.record("The condition was not met within a minute.")
    }

    /// Waits until a run in a directory has a checkpoint, and returns its directory.
    private func waitForCheckpoint(in runs: String) throws -> String {
        try wait { File.names(in: runs).first.map { File.exists("\(runs)/\($0)/\(Checkpoint.lastName)") } == true }
        return try run(in: runs)
    }

    /// Killed repeatedly at random times, a run ends with the weights of an uninterrupted one.
    @Test func killedRunsAreResumed() throws {
        #expect(try start(configuration, "--runs", folder.file("uninterrupted")).wait().status == 0)
        let expected = try tensors(run(in: folder.file("uninterrupted")))

        let runs = folder.file("killed")
        var training = try start(configuration, "--runs", runs)
        let run = try waitForCheckpoint(in: runs)
        var random = RandomStream(seed: 1)
        for _ in 0..<8 {
            Ductus.pause(milliseconds: Int(random.next() % 40))
            training.kill()
            #expect(throws: Never.self) { try Checkpoint(contentsOf: "\(run)/\(Checkpoint.lastName)") }
            training = try start("--resume", run)
            Ductus.pause(milliseconds: Int(random.next() % 120))
        }
        let end = training.wait()
        #expect(end.status == 0, "\(end)")
        #expect(try tensors(run) == expected)
    }

    @Test func aRunInUseCannotBeResumed() throws {
        let runs = folder.file("runs")
        let first = try start(configuration, "--set", "training.epochs=5000", "--runs", runs)
        let run = try waitForCheckpoint(in: runs)
        let second = try start("--resume", run).wait()
        second.expectRefusal(about: run)
        #expect(second.errors.contains("another program is training this run"), "\(second)")
        let last = "\(run)/\(Checkpoint.lastName)"
        try wait { try Checkpoint(contentsOf: last).state.epoch > 0 }
        first.kill()
        // The lock is released with the program.
        let third = try start("--resume", run)
        let before = try Checkpoint(contentsOf: last).state.epoch
        try wait { try Checkpoint(contentsOf: last).state.epoch > before }
        third.kill()
        #expect(third.wait().errors.contains("Resuming at epoch "))
    }

    @Test func changedDataAreReportedOnResumption() throws {
        let runs = folder.file("runs")
        #expect(try start(configuration, "--set", "training.epochs=1", "--runs", runs).wait().status == 0)
        try TinyLines.image("cba").writePNG(to: folder.file("data/lines/abc.png"))
        let result = try start("--resume", run(in: runs)).wait()
        #expect(result.status == 0)
        #expect(result.errors.contains("The data “lines train” have changed since the run was started"), "\(result)")
    }

    // MARK: Errors

    @Test(arguments: [
        ("training.epoch=3", "training.epoch"), ("network.name=transformer", "transformer"),
        ("data.directory=/nowhere", "/nowhere"), ("data.directory=$DUCTUS_NOT_SET", "DUCTUS_NOT_SET"),
        ("training.batchSize=0", "training.batchSize"), ("network.filters=[1]", "filters"),
        ("data.training=none", "train, validation"),
    ])
    func invalidConfigurationsAreRefused(change: String, message: String) throws {
        let result = try start(configuration, "--set", change, "--runs", folder.file("runs")).wait()
        #expect(result.status == 1)
        #expect(result.errors.contains(message), "\(result)")
        #expect(result.output.isEmpty)
        #expect(result.errors.count { $0 == "\n" } == 1, "\(result)")
    }

    @Test func invalidFilesAreRefused() throws {
        let missing = folder.file("none.json")
        try start(missing).wait().expectRefusal(about: missing)
        try File.write(Array("{\n  \"name\": tiny\n}".utf8), to: configuration)
        let result = try start(configuration).wait()
        result.expectRefusal(about: configuration)
        #expect(result.errors.contains("line 2 is not JSON"))
        try start("--resume", folder.file("none")).wait().expectRefusal(about: folder.file("none/configuration.json"))
    }
}
