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

    private func measure(_ task: String, _ arguments: [String]) throws -> [String: JSONText] {
        let result = try Ductus.Run(["evaluate", task, "--json"] + arguments).wait()
        #expect(result.status == 0 && result.errors.isEmpty, "\(result)")
        return try #require(JSONText(parsing: Array(result.output.utf8)).object)
    }

    /// A network that reads whole paragraphs, from its configuration to pages; and pages during a training of lines.
    @Test func trainsOnPages() throws {
        let (data, model) = (folder.file("pages"), folder.file("model"))
        try TinyPages.write(to: data)
        try TinyModels.write(to: model)
        let text = """
            {"name": "paragraphs", "task": "paragraphs", "characters": "abc",
             "data": {"kind": "iam", "directory": "\(data)", "paragraphs": {"count": 4}},
             "paragraph": {"height": 64, "width": 64},
             "network": {"name": "paragraphTransformer", "height": 64, "filters": [1, 1, 1, 2], "blocks": 1, "width": 4,
                "layers": 1, "heads": 1, "hidden": 4, "maximumLength": 12},
             "training": {"epochs": 2, "pages": {"every": 1}, "monitor": "pageCER"}}
            """
        try File.write(Array(text.utf8), to: configuration)
        let result = try start(configuration, "--runs", folder.file("runs")).wait()
        let run = try run(in: folder.file("runs"))
        #expect(result.status == 0 && result.errors.contains("validation pageCER "), "\(result)")
        let set = ["--dataset", "iam", "--data", data, "--split", "validation"]
        let pages = try measure("pages", set + ["--weights", run])
        #expect(Set(pages.keys) == ["pages", "cer", "wer", "decoder", "seconds"])
        #expect(pages["decoder"]?.string == "best-path" && pages["pages"]?.count == 2)
        let beam = try measure("pages", set + ["--weights", run, "--decoder", "beam"])
        #expect(beam["decoder"]?.string == "beam" && beam["beamWidth"]?.count == 10)
        let image = folder.file("page.png")
        try TinyPages.page(["abc", "cab"]).image.writePNG(to: image)
        let read = try Ductus.run("read", image, "--model", run)
        #expect(read.status == 0 && read.errors.isEmpty, "\(read)")
        // Both networks of a directory, and one half of them with the other from elsewhere.
        let both = try measure("pages", set + ["--weights", model])
        let words = ["evaluate", "pages"] + set + ["--weights", "\(model)/\(PageReader.readerName)", "--json"]
        let half = try Ductus.Run(words, environment: ["DUCTUS_MODEL": model]).wait()
        #expect(half.status == 0 && half.output.contains("\"cer\": \(both["cer"]?.text ?? "?")"), "\(half)")
    }

    /// Weights of PyTorch are measured like others.
    @Test(arguments: [("fcn", "detection"), ("crnn", "lines")]) func measuresConvertedWeights(
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
        let result = try measure(
            task, ["--dataset", "iam", "--data", data, "--split", "train", "--weights", folder.file("out")])
        #expect(result[task == "lines" ? "cer" : "pixelAccuracy"] != nil)
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
