import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

/// What configuration files mean, and which are refused.
@Suite struct ExperimentTests {
    private func experiment(_ text: String, changes: [String] = []) throws -> Experiment {
        try Experiment(Array(text.utf8), file: "run.json", changes: changes)
    }

    private func refusal(of text: String, changes: [String] = []) throws -> String {
        let error = try #require(throws: ConfigurationError.self) { try experiment(text, changes: changes) }
        #expect(error.description.hasSuffix("."))
        #expect(!error.description.contains("\n"))
        return error.description
    }

    @Test func missingKeysHaveTheirDefaults() throws {
        let experiment = try experiment(#"{"network": "crnn", "training": {"rate": 2e-3}, "name": "x"}"#)
        var training = TrainingConfiguration()
        training.rate = 2e-3
        #expect(experiment.training == training)
        #expect(experiment.name == "x")
        #expect(experiment.network == "crnn")
        let task = try #require(experiment.task as? LineRecognition)
        #expect(task.input == LineInput())
        #expect(task.characters == Alphabet.iam.characters)
        #expect(task.data.kind == "iam")
    }

    /// The number of classes is not written, because it follows from the characters.
    @Test func experimentsMadeInCodeReadBackAsTheSame() throws {
        var training = TrainingConfiguration()
        training.augmentation = Augmentation(shear: 0.3)
        training.callbacks = [Choice(EarlyStopping())]
        let made = try Experiment(
            name: "made", task: LineRecognition(), network: CRNN.self, .init(classes: 3, hidden: 7), training: training)
        let text = try made.text
        let read = try experiment(text)
        #expect(read.training == training)
        #expect(try read.text == text)
        #expect(text.contains(#""hidden": 7"#))
        #expect(!text.contains(#""classes""#))
    }

    @Test(arguments: ["hidden", "training.rate", "training.optimizer.beta1"])
    func experimentsMadeInCodeAreChecked(key: String) throws {
        var (training, network) = (TrainingConfiguration(), CRNN.Configuration(classes: 3))
        switch key {
        case "hidden": network.hidden = 0
        case "training.rate": training.rate = -1
        default: training.optimizer = Choice(Adam.adam(beta1: 2))
        }
        let error = try #require(throws: ConfigurationError.self) {
            try Experiment(
                name: "hasty", task: LineRecognition(), network: CRNN.self, network, training: training)
        }
        #expect(error.description.hasPrefix("The experiment hasty: key \"\(key)\""), "\(error)")
    }

    @Test func completeTextReadsBackAsTheSame() throws {
        let first = try experiment(#"{"network": {"name": "fcn", "filters": 3}, "task": "detection", "name": "é\""}"#)
        let second = try experiment(first.text)
        #expect(try second.text == first.text)
        #expect(try first.text.contains(#""filters": 3"#))
        #expect(second.name == "é\"")
    }

    @Test(arguments: [
        (#"{"network": "crnn", "trianing": {}}"#, #"run.json: key "trianing" is not known (did you mean "training"?)"#),
        (#"{"network": "crnn", "training": {"epoch": 1}}"#, #"key "training.epoch" is not known"#),
        (#"{"network": "crnn", "data": {"path": "x"}}"#, #"key "data.path" is not known"#),
        (#"{"network": "crnn", "training": {"epochs": "many"}}"#, #"key "training.epochs" has a value of"#),
        (#"{"network": "crnn", "training": {"epochs": 1.5}}"#, #"key "training.epochs" has a value of"#),
        (#"{"network": "crnn", "training": {"seed": -1}}"#, #"key "training.seed" has a value of"#),
        (#"{"network": "crnn", "training": 3}"#, #"key "training" must be an object"#),
        (#"{"network": "crnn", "task": 3}"#, #"key "task" has a value of"#),
        (#"{"network": "crnn", "task": "poetry"}"#, #"there is no task "poetry""#),
        (#"{"network": "crnn", "training": {"augmentation": {"mirrors": 1}}}"#, "training.augmentation.mirrors"),
        (#"{"network": "crnn", "training": {"optimizer": {"beta1": 0.5, "name": ""}}}"#, "training.optimizer"),
        (#"{"network": "crnn", "training": {"metrics": ["cer"]}}"#, #"there is no metric "cer""#),
        (#"{"network": "crnn", "training": {"callbacks": ["stop"]}}"#, #"there is no callback "stop""#),
        (#"{"network": "crnn", "name": null}"#, #"key "name" must be a string"#),
        (#"{"network": "crnn", "name": ""}"#, #"key "name" must be a string"#),
        (#"{"network": {"filters": 3}}"#, #"key "network" must be a name or an object with a "name""#),
        ("{}", #"key "network" must be a name or an object with a "name""#),
        ("[]", "must be a JSON object"), ("3", "must be a JSON object"),
    ])
    func errorsNameTheKey(text: String, message: String) throws {
        #expect(try refusal(of: text).contains(message))
    }

    /// Keys of components or tasks that were not chosen, with the known keys of those that were.
    @Test(arguments: [
        (
            #"{"network": "crnn", "training": {"loss": {"name": "ctc", "smoothing": 0.1}}}"#, "training.loss.smoothing",
            "known are shortcut"
        ),
        (
            #"{"network": "all_conv", "training": {"loss": {"name": "positions", "smoothing": 0.1}}}"#,
            "training.loss.smoothing", "there are no settings"
        ),
        (
            #"{"network": "crnn", "training": {"optimizer": {"name": "adamW", "momentum": 0.9}}}"#,
            "training.optimizer.momentum", "known are beta1, beta2, decay, decaysVectors, epsilon"
        ),
        (
            #"{"network": "crnn", "training": {"optimizer": {"name": "adam", "decay": 0.9}}}"#,
            "training.optimizer.decay", "known are beta1, beta2, epsilon"
        ),
        (
            #"{"network": "crnn", "training": {"schedule": {"name": "steps", "warmup": 0.9}}}"#,
            "training.schedule.warmup", "known are factor, parts"
        ),
        (
            #"{"network": "crnn", "data": {"views": 2}}"#, "data.views",
            "known are directory, extra, kind, limit, training, validation"
        ),
        (
            #"{"network": "fcn", "task": "detection", "data": {"extra": []}}"#, "data.extra",
            "known are directory, kind, limit, training, validation, views"
        ),
        (
            #"{"network": "mlp", "task": "characters", "input": {}}"#, "input",
            "known are data, name, network, task, training"
        ),
    ])
    func keysWithoutEffectAreRefused(text: String, key: String, known: String) throws {
        let message = try refusal(of: text)
        #expect(message.contains("key \"\(key)\" is not known"), "\(message)")
        #expect(message.contains(known), "\(message)")
    }

    @Test func unknownKeysOfExtraDataAreRefused() throws {
        let text = #"{"network": "crnn", "data": {"extra": [{"kind": "lines", "directory": "x", "limit": 3}]}}"#
        #expect(try refusal(of: text).contains("data.extra"))
    }

    @Test(arguments: [
        ("", 1), ("{\n\"name\": \"x\",\n}", 3), ("{\n\n\"name\" \"x\"}", 3), ("{\"a\": 1,\n\"a\": 2}", 2),
        ("{\"name\": \"x\"}\n\nmore", 3), ("{\"name\":\n \"x", 2),
    ])
    func invalidJSONNamesTheLine(text: String, line: Int) throws {
        #expect(try refusal(of: text).hasPrefix("run.json: line \(line) is not JSON: "))
    }

    @Test func changesOverrideTheFile() throws {
        let text = #"{"network": "crnn", "training": {"epochs": 3, "optimizer": "sgd"}}"#
        let changed = try experiment(
            text,
            changes: [
                "training.epochs=20", "name=second try", "network.hidden=9", "training.optimizer.momentum=0.5",
                #"data.extra=[{"kind": "lines", "directory": "/a=b"}]"#,
            ])
        #expect(changed.training.epochs == 20)
        #expect(changed.name == "second try")
        #expect(changed.training.optimizer.name == "sgd")
        #expect(try changed.text.contains(#""momentum": 0.5"#))
        #expect(try changed.text.contains(#""hidden": 9"#))
        let task = try #require(changed.task as? LineRecognition)
        #expect(task.data.extra == [.init(kind: "lines", directory: "/a=b")])
    }

    @Test(arguments: [
        ("training.epoch=20", "training.epoch\" is not known"), ("training.epochs=many", "training.epochs"),
        ("epochs", "--set epochs: must be KEY=VALUE, such as training.epochs=20."),
        ("training=5", "key \"training\" must be an object"),
    ])
    func invalidChangesAreRefused(change: String, message: String) throws {
        #expect(try refusal(of: #"{"network": "crnn"}"#, changes: [change]).contains(message))
    }

    /// Errors that depend on the experiment as a whole are found before training, and never trap.
    @Test(arguments: [
        ("network.name=transformer", "choose one of mlp, lenet, sliding_window, all_conv, lstm_ctc, crnn"),
        ("network=mlp", "the network mlp is not a line recognizer; choose one of sliding_window, all_conv"),
        ("network.depth=3", "depth"), ("network.filters=[1]", "filters"),
        ("network.hidden=0", "hidden"), ("network.hidden=99999999999", "hidden"),
        ("network.dropout=1", "dropout"), ("network.recurrentLayers=-1", "recurrentLayers"),
        ("training.batchSize=0", "training.batchSize"), ("training.epochs=-1", "training.epochs"),
        ("training.epochs=0", "training.epochs"),
        ("training.optimizer=sgdd", "(did you mean \"sgd\"?); choose one of sgd, rmsprop, adam, adamW, lion"),
        ("training.schedule=linear", "choose one of constant, cosine, oneCycle, steps"),
        ("training.schedule.warmup=2", "training.schedule.warmup"),
        ("training.loss=teacherForcing", "teacherForcing is for autoregressive networks"),
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
        ("characters=", "key \"characters\""), ("characters=abca", "“a”"), ("characters=ab", "“c”"),
        ("data.kind=books", "iam"), ("data.training=test", "train, validation"),
        ("data.directory=/nowhere", "/nowhere/lines.tsv"), ("data.directory=$DUCTUS_NOT_SET/x", "DUCTUS_NOT_SET"),
        ("data.extra=[\"/x\"]", "data.extra"),
    ])
    func invalidExperimentsAreRefused(change: String, message: String) throws {
        let folder = try TemporaryFolder()
        try TinyLines.write(to: folder.path)
        let text = try TinyLines.experiment(directory: folder.path, epochs: 1).text
        let error = try #require(throws: (any Error).self) {
            try Run.create(experiment(text, changes: [change]), at: folder.file("run")).train(callbacks: [])
        }
        #expect("\(error)".contains(message), "\(error)")
        #expect(!"\(error)".contains("\n"))
    }
}
