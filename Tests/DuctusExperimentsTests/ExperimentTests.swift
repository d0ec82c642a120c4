import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

@Suite struct ExperimentFileTests {
    private func file(_ text: String, changes: [String] = []) throws -> ExperimentFile {
        try ExperimentFile(Array(text.utf8), path: "run.json", changes: changes)
    }

    private func refusal(of text: String, changes: [String] = []) -> String {
        let error = #expect(throws: ConfigurationError.self) { try file(text, changes: changes) }
        #expect(error?.description.contains("\n") == false && error?.description.hasSuffix(".") == true)
        return error?.description ?? ""
    }

    @Test func whatAFileLeavesOutHasItsDefault() throws {
        let file = try file(#"{"network": {"name": "crnn", "hidden": 7}, "training": {"rate": 2e-3}, "name": "x"}"#)
        var expected = ExperimentConfiguration()
        expected.training.rate = 2e-3
        expected.name = "x"
        #expect(file.configuration == expected)
    }

    /// A configuration made in a program is what its text says. The number of classes is left to the characters.
    @Test func madeInAProgram() throws {
        var configuration = ExperimentConfiguration()
        configuration.training.augmentation.shear = 0.3
        let made = try ExperimentFile(configuration, network: CRNN.self, .init(classes: 3, hidden: 7))
        let written = try file(made.text)
        #expect(made.configuration == configuration && written.configuration == configuration)
        #expect(try written.text == made.text && made.text.contains(#""hidden": 7"#))
        #expect(try !made.text.contains(#""classes""#))
        configuration.name = "hasty"
        configuration.training.rate = -1
        for sizes in [CRNN.Configuration(classes: 3), .init(classes: 3, hidden: 0)] {
            let error = #expect(throws: ConfigurationError.self) {
                try ExperimentFile(configuration, network: CRNN.self, sizes)
            }
            #expect(
                error?.description.contains("hasty: key \"\(sizes.hidden == 0 ? "hidden" : "training.rate")\"") == true)
            configuration.training.rate = 1
        }
    }

    /// A run that was kept when there were six values to distort samples by still is what it was.
    @Test func augmentationsOfOldRunsAreRead() throws {
        let old = #"{"contrast": 0.2, "mirrors": false, "scale": 0.1, "shear": 0.3, "shift": 0.05, "stretch": 0.15}"#
        let file = try file(#"{"network": {"name": "crnn"}, "training": {"augmentation": \#(old)}}"#)
        let expected = Augmentation(shear: 0.3, stretch: 0.15, scale: 0.1, shift: 0.05, contrast: 0.2)
        #expect(file.configuration.training.augmentation == expected)
        let new = try self.file(
            file.text,
            changes: ["rotation=2", "elasticity=0.1", "smoothness=0.2", "strokes=0.3", "blur=1", "noise=0.1"]
                .map { "training.augmentation.\($0)" })
        let augmentation = new.configuration.training.augmentation
        #expect(augmentation.rotation == 2 && augmentation.elasticity == 0.1 && augmentation.smoothness == 0.2)
        #expect(augmentation.strokes == 0.3 && augmentation.blur == 1 && augmentation.noise == 0.1)
        #expect(augmentation.shear == 0.3 && augmentation.brightness == 0)
    }

    /// What a run keeps is the whole configuration, and reads back as the same.
    @Test func textRoundTrip() throws {
        let first = try file(#"{"network": {"name": "fcn", "filters": 3}, "task": "detection", "characters": "é\""}"#)
        let second = try file(first.text)
        #expect(second.configuration == first.configuration)
        #expect(try second.text == first.text && first.text.contains(#""filters": 3"#))
    }

    @Test(arguments: [
        (#"{"network": {"name": "crnn"}, "trianing": {}}"#, #"run.json: key "trianing" is not known; known are "#),
        (#"{"network": {"name": "crnn"}, "training": {"epoch": 1}}"#, #"key "training.epoch" is not known"#),
        (#"{"network": {"name": "crnn"}, "data": {"path": "x"}}"#, #"key "data.path" is not known"#),
        (#"{"network": {"name": "crnn"}, "training": {"epochs": "many"}}"#, #"key "training.epochs" has a value of"#),
        (#"{"network": {"name": "crnn"}, "training": {"epochs": 1.5}}"#, #"key "training.epochs" has a value of"#),
        (#"{"network": {"name": "crnn"}, "training": {"seed": -1}}"#, #"key "training.seed" has a value of"#),
        (#"{"network": {"name": "crnn"}, "training": 3}"#, #"key "training" must be an object"#),
        (#"{"network": {"name": "crnn"}, "task": "poetry"}"#, #"key "task" has a value of"#),
        (
            #"{"network": {"name": "crnn"}, "training": {"augmentation": {"mirrors": 1}}}"#,
            "training.augmentation.mirrors"
        ),
        (#"{"network": {"name": "crnn"}, "name": null}"#, #"key "name" has a value of"#),
        (#"{"network": "crnn"}"#, #"key "network" must be an object with a "name""#),
        (#"{"network": {"filters": 3}}"#, #"key "network" must be an object with a "name""#),
        ("{}", #"key "network" must be an object with a "name""#),
        ("[]", "must be an object"), ("3", "must be an object"),
    ])
    func mistakesNameTheKey(text: String, message: String) {
        #expect(refusal(of: text).contains(message))
    }

    @Test(arguments: [
        ("", 1), ("{\n\"name\": \"x\",\n}", 3), ("{\n\n\"name\" \"x\"}", 3), ("{\"a\": 1,\n\"a\": 2}", 2),
        ("{\"name\": \"x\"}\n\nmore", 3), ("{\"name\":\n \"x", 2),
    ])
    func brokenJSONNamesTheLine(text: String, line: Int) {
        #expect(refusal(of: text).hasPrefix("run.json: line \(line) is not JSON: "))
    }

    @Test func changesOverlayTheFile() throws {
        let text = #"{"network": {"name": "crnn"}, "training": {"epochs": 3}}"#
        let changed = try file(
            text, changes: ["training.epochs=20", "name=second try", "network.hidden=9", "data.extra=[\"lines:/a=b\"]"])
        #expect(changed.configuration.training.epochs == 20 && changed.configuration.name == "second try")
        #expect(changed.configuration.data.extra == ["lines:/a=b"])
        #expect(try changed.text.contains(#""hidden": 9"#))
        #expect(refusal(of: text, changes: ["training.epoch=20"]).contains("training.epoch\" is not known"))
        #expect(
            refusal(of: text, changes: ["epochs"]) == "--set epochs: must be KEY=VALUE, such as training.epochs=20.")
        #expect(refusal(of: text, changes: ["training.epochs=many"]).contains("training.epochs"))
        #expect(refusal(of: text, changes: ["training=5"]).contains("key \"training\" must be an object"))
    }

    /// What is wrong only for the experiment as a whole is found before the training begins, and never traps.
    @Test(arguments: [
        ("network.name=transformer", "choose one of mlp, lenet, sliding_window, all_conv, lstm_ctc, crnn"),
        ("network={\"name\": \"mlp\"}", "the network mlp reads no lines; choose crnn"),
        ("network.depth=3", "depth"), ("network.filters=[1]", "filters"),
        ("network.hidden=0", "hidden"), ("network.hidden=99999999999", "hidden"),
        ("network.dropout=1", "dropout"), ("network.recurrentLayers=-1", "recurrentLayers"),
        ("training.batchSize=0", "training.batchSize"), ("training.epochs=-1", "training.epochs"),
        ("training.epochs=0", "training.epochs"), ("training.optimizer=sdg", "choose sgd, rmsprop, adam or adamW"),
        ("training.schedule=linear", "choose constant, cosine or oneCycle"), ("training.warmup=2", "training.warmup"),
        ("training.augmentation.stretch=900", "training.augmentation.stretch"),
        ("training.augmentation.rotation=181", "training.augmentation.rotation"),
        ("training.augmentation.elasticity=-0.1", "training.augmentation.elasticity"),
        ("training.augmentation.smoothness=0", "training.augmentation.smoothness"),
        ("training.augmentation.strokes=1.5", "training.augmentation.strokes"),
        ("training.augmentation.blur=-1", "training.augmentation.blur"),
        ("training.augmentation.brightness=2", "training.augmentation.brightness"),
        ("training.augmentation.noise=-1", "training.augmentation.noise"),
        ("training.rate=-1", "training.rate"), ("input.height=32", "input.height"), ("input.height=0", "input.height"),
        ("input.maximumAspect=0", "input.maximumAspect"), ("input.margin=-1", "input.margin"),
        ("characters=", "character"),
        ("characters=abca", "key \"characters\": The character set lists “a”"),
        ("characters=ab", "“c”"), ("data.kind=books", "iam"), ("data.training=test", "train, validation"),
        ("data.directory=/nowhere", "/nowhere/lines.tsv"), ("data.directory=$DUCTUS_NOT_SET/x", "DUCTUS_NOT_SET"),
        ("data.extra=[\"/x\"]", "KIND:DIRECTORY"), ("task=characters", "mnist"),
        ("task=detection", "choose fcn or unet"),
    ])
    func experimentsThatCannotBe(change: String, message: String) throws {
        let folder = try TemporaryFolder()
        try TinyLines.write(to: folder.path)
        let text = TinyLines.configuration(directory: folder.path, epochs: 1)
        let error = #expect(throws: (any Error).self) {
            try Experiment(file(text, changes: [change]), directory: folder.file("run")).run(callbacks: [])
        }
        let description = error.map { "\($0)" } ?? ""
        #expect(description.contains(message) && !description.contains("\n"), "\(description)")
    }
}
