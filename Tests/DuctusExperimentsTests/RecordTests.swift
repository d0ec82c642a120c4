import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Synchronization
import Testing

/// What a run writes down while it is trained.
@Suite struct RecordTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try TinyLines.write(to: folder.file("data"))
    }

    private struct Interruption: Error {}

    private func experiment(epochs: Int = 3, _ change: (inout TrainingConfiguration) -> Void = { _ in }) throws
        -> Experiment
    {
        var experiment = try TinyLines.experiment(directory: folder.file("data"), epochs: epochs)
        change(&experiment.training)
        return experiment
    }

    private func interruption(afterSteps count: Int) -> Callback {
        Callback(afterBatch: { context in
            if context.optimizer.steps == count { throw Interruption() }
        })
    }

    /// The lines of a file without what depends on time.
    private func lines(_ run: Run, _ name: String) throws -> [JSONText] {
        try LineFile.lines(of: "\(run.directory)/\(name)").lines.map { line in
            var members = try #require(JSONText(parsing: Array(line.utf8)).object)
            #expect(members.removeValue(forKey: "time")?.number ?? 0 > 1.7e9)
            if var training = members["training"]?.object {
                #expect(training.removeValue(forKey: "samplesPerSecond")?.number ?? 0 > 0)
                members["training"] = .object(training)
            }
            return .object(members)
        }
    }

    @Test func everyStepAndEpochIsALine() throws {
        let run = try Run.create(experiment(), at: folder.file("run"))
        let seen = Mutex<[StepRecord]>([])
        let history = try run.train(callbacks: [
            Callback(afterBatch: { context in
                let step = try #require(context.step)
                seen.withLock { $0.append(step) }
            })
        ])
        // Eight lines in batches of three.
        #expect(try run.steps == seen.withLock { $0 })
        #expect(try run.steps.map(\.step) == Array(1...9))
        #expect(try run.steps.map(\.epoch) == [1, 1, 1, 2, 2, 2, 3, 3, 3])
        let epochs = try lines(run, "metrics.jsonl").filter { $0.object?["validation"] != nil }
        #expect(epochs.map { $0[path: "step"]?.count } == [3, 6, 9])
        #expect(
            epochs.map { $0[path: "validation.characterAccuracy"]?.number }
                == history.map { $0.validation["characterAccuracy"] })
        #expect(try RunSummary(run.directory).steps.count == 9)
    }

    @Test func predictionsAreTextsOfTheFirstValidationSamples() throws {
        let run = try Run.create(experiment(epochs: 2), at: folder.file("run"))
        try run.train(callbacks: [])
        let lines = try lines(run, "predictions.jsonl")
        #expect(lines.map { $0[path: "step"]?.count } == [3, 6])
        let samples = try #require(lines.last?.object?["samples"]?.array)
        #expect(samples.map { $0[path: "expected"]?.string } == TinyLines.validation)
        let reader = try LineReader(run.directory)
        let images = TinyLines.validation.map { TinyLines.image($0) }
        // The best epoch is the last or the first.
        let best = try #require(try run.best.epoch)
        let texts = try #require(lines[best - 1].object?["samples"]?.array).map { $0[path: "predicted"]?.string }
        #expect(texts == reader.predict(images).map(\.text))
        let picture = try ImageFile(contentsOf: "\(run.directory)/samples.png").page(0).image
        #expect(picture.height == 28 + 4 + 28)
    }

    @Test(arguments: [1, 4, 5, 8]) func theRecordOfAResumedRunIsThatOfAnUninterruptedOne(steps: Int) throws {
        let whole = try Run.create(experiment(), at: folder.file("whole"))
        try whole.train(callbacks: [])
        let run = try Run.create(experiment { $0.checkpointEvery = 2 }, at: folder.file("run"))
        #expect(throws: Interruption.self) { try run.train(callbacks: [interruption(afterSteps: steps)]) }
        // As if the program had been killed while it wrote a line.
        let path = "\(run.directory)/metrics.jsonl"
        try File.write(File.readBytes(path) + Array("{\"epoch\": 1, \"st".utf8), to: path)
        #expect(try run.steps.count == steps - 1)
        try Run.open(run.directory).train(callbacks: [])
        for name in ["metrics.jsonl", "predictions.jsonl"] {
            #expect(try lines(run, name) == lines(whole, name), "\(name)")
        }
    }

    @Test func checkpointsWithinAnEpochAreWrittenAfterSteps() throws {
        let run = try Run.create(experiment { $0.checkpointEvery = 2 }, at: folder.file("run"))
        #expect(throws: Interruption.self) { try run.train(callbacks: [interruption(afterSteps: 6)]) }
        // The checkpoint after the fifth step of which the fourth has one.
        #expect(try run.last?.steps == 4)
        #expect(try run.last?.state.batch == 1)
    }

    @Test func theOutcomeSaysWhatTrainingTook() throws {
        let run = try Run.create(experiment(epochs: 2), at: folder.file("run"))
        let history = try run.train(callbacks: [])
        let text = try JSONText(parsing: File.readBytes("\(run.directory)/outcome.json"))
        #expect(text[path: "steps"]?.count == 6)
        #expect(text[path: "seconds"]?.number == history.reduce(0) { $0 + $1.seconds })
        #expect(text[path: "processorSeconds"]?.number ?? 0 > 0)
        #expect(text[path: "peakMemory"]?.count ?? 0 > 1 << 20)
    }

    @Test func reportsAndErrorsAreLogged() throws {
        let run = try Run.create(experiment(epochs: 2), at: folder.file("run"))
        #expect(throws: Interruption.self) {
            try run.train(callbacks: [.progress(), interruption(afterSteps: 4)])
        }
        try Run.open(run.directory).train()
        let log = try LineFile.lines(of: "\(run.directory)/log.txt").lines
        #expect(log.contains { $0.hasSuffix("Z Training for 2 epochs of 3 batches.") })
        #expect(log.contains { $0.hasSuffix("Z Interruption()") })
        #expect(log.contains { $0.contains("Z Resuming at epoch 2, batch 1.") })
        #expect(log.contains { $0.contains("Z Epoch 2/2: ") })
    }

    // MARK: Repetition

    /// What is logged while an experiment from the file of another run is trained.
    private func repetition(of run: Run, changes: [String] = []) throws -> (run: Run, log: String) {
        let file = "\(run.directory)/configuration.json"
        let again = try Run.create(Experiment(contentsOf: file, changes: changes), in: folder.file("again"))
        try again.train(callbacks: [])
        return (again, String(decoding: try File.readBytes("\(again.directory)/log.txt"), as: UTF8.self))
    }

    @Test func theConfigurationOfARunGivesTheSameWeights() throws {
        let run = try Run.create(experiment { $0.average = 0.9 }, at: folder.file("run"))
        try run.train(callbacks: [])
        let (again, log) = try repetition(of: run)
        for name in ["best.safetensors", "last.safetensors"] {
            let (a, b) = try (
                TensorArchive(contentsOf: "\(run.directory)/\(name)"),
                TensorArchive(contentsOf: "\(again.directory)/\(name)")
            )
            #expect(a.names == b.names)
            for tensor in a.names {
                let (one, two): (Tensor<Float>, Tensor<Float>) = try (a.tensor(tensor), b.tensor(tensor))
                #expect(one.scalars.map(\.bitPattern) == two.scalars.map(\.bitPattern), "\(name) \(tensor)")
            }
        }
        #expect(log.contains("The weights are those of \(run.directory), bit for bit."))
        #expect(log.split(separator: "\n").count == 1, "\(log)")
    }

    @Test func aRepetitionSaysWhichIngredientDiffers() throws {
        let run = try Run.create(experiment(epochs: 1), at: folder.file("run"))
        try run.train(callbacks: [])
        let (_, seeded) = try repetition(of: run, changes: ["training.seed=7"])
        #expect(seeded.contains("The key \"training.seed\" was 1; it is 7 now."), "\(seeded)")
        #expect(seeded.contains("The weights differ from those of"), "\(seeded)")
        try TinyLines.image("cba").writePNG(to: folder.file("data/lines/abc.png"))
        let (_, changed) = try repetition(of: run)
        #expect(changed.contains("The data “lines train” have changed"), "\(changed)")
        #expect(!changed.contains("The key"), "\(changed)")
    }

    // MARK: Divergence

    @Test func aLossThatIsNotANumberIsExplained() throws {
        let run = try Run.create(experiment { $0.rate = 1000 }, at: folder.file("run"))
        let poison = Callback(afterBatch: { context in
            guard context.optimizer.steps == 2 else { return }
            let parameter = try #require(context.network.namedParameters.first { $0.name == "head.bias" }?.parameter)
            parameter.stored = Tensor(repeating: .nan, shape: [4])
        })
        let error = try #require(throws: TrainingError.self) { try run.train(callbacks: [poison]) }
        #expect(error.description.contains("head.bias was not finite before the step"), "\(error)")
        #expect(error.description.contains("at step 3, on samples "))
        let saved = try TensorArchive(contentsOf: "\(run.directory)/diverged.safetensors")
        let batch = try #require(error.batch)
        #expect(try saved.tensor("input") == batch.input)
        #expect(try saved.tensor("labels", as: Int32.self) == batch.labels)
        #expect(saved.metadata["samples"] == JSONText.array(batch.names.map(JSONText.string)).text)
    }
}
