import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Synchronization
import Testing

@Suite struct RunTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try TinyLines.write(to: folder.file("data"))
    }

    private struct Interruption: Error {}

    private func experiment(epochs: Int) throws -> Experiment {
        try TinyLines.experiment(directory: folder.file("data"), epochs: epochs)
    }

    private func create(epochs: Int, at name: String = "run") throws -> Run {
        try Run.create(experiment(epochs: epochs), at: folder.file(name))
    }

    /// Interrupts training after `count` batches.
    private func interruption(afterBatches count: Int) -> Callback {
        let done = Mutex(0)
        return Callback(afterBatch: { _ in
            let reached = done.withLock {
                $0 += 1
                return $0 == count
            }
            if reached { throw Interruption() }
        })
    }

    /// The contents of all files in a directory but for hidden ones and the log.
    private func contents(of directory: String) throws -> [String: [UInt8]] {
        let names = File.names(in: directory).filter { $0 != "log.txt" }
        return try Dictionary(uniqueKeysWithValues: names.map { ($0, try File.readBytes("\(directory)/\($0)")) })
    }

    /// Every tensor of the last checkpoint: weights and optimizer.
    private func tensors(_ run: Run) throws -> [String: Tensor<Float>] {
        let archive = try #require(try run.last).archive
        return try Dictionary(uniqueKeysWithValues: archive.names.map { ($0, try archive.tensor($0)) })
    }

    // MARK: Creating and opening

    @Test func creatingWritesTheConfigurationAlone() throws {
        let experiment = try experiment(epochs: 1)
        let run = try Run.create(experiment, at: folder.file("deep/in/run"))
        #expect(File.names(in: run.directory) == ["configuration.json"])
        #expect(try File.readBytes("\(run.directory)/configuration.json") == Array(experiment.text.utf8))
        #expect(try run.history.isEmpty)
        #expect(try run.last == nil)
        #expect(try run.provenance == nil)
        #expect(throws: FileError.self) { try run.best }
    }

    @Test func creatingInAnEmptyDirectoryWorks() throws {
        try File.createDirectory(folder.file("run"))
        #expect(throws: Never.self) { try create(epochs: 1) }
    }

    @Test func creatingInANonemptyDirectoryChangesNothing() throws {
        try folder.write("precious", to: "run/notes.txt")
        #expect(throws: RunError.exists(folder.file("run"))) { try create(epochs: 1) }
        #expect(try contents(of: folder.file("run")) == ["notes.txt": Array("precious".utf8)])
        #expect(isOneSentence("\(RunError.exists(folder.file("run")))", about: folder.file("run")))
    }

    @Test func creatingInAFinishedRunChangesNothing() throws {
        try create(epochs: 1).train(callbacks: [])
        let before = try contents(of: folder.file("run"))
        #expect(throws: RunError.exists(folder.file("run"))) { try create(epochs: 2) }
        #expect(try contents(of: folder.file("run")) == before)
    }

    @Test func runsOfTheSameSecondHaveTheirOwnDirectories() throws {
        let experiment = try experiment(epochs: 1)
        let runs = try (0..<4).map { _ in try Run.create(experiment, in: folder.file("runs")) }
        #expect(Set(runs.map(\.directory)).count == 4)
        for run in runs { #expect(run.directory.hasPrefix(folder.file("runs/tiny-20"))) }
    }

    @Test func openingNeverWrites() throws {
        try create(epochs: 1).train(callbacks: [])
        let before = try contents(of: folder.file("run"))
        let run = try Run.open(folder.file("run"))
        #expect(try run.history.count == 1)
        #expect(try run.last?.state.epoch == 1)
        #expect(try run.best.epoch == 1)
        #expect(try run.provenance?.seed == 1)
        #expect(try contents(of: folder.file("run")) == before)
        // There is not even a lock.
        try folder.write(before["configuration.json"] ?? [], to: "copy/configuration.json")
        _ = try Run.open(folder.file("copy"))
        #expect(File.size(folder.file("copy/.lock")) == nil)
    }

    @Test func openingNeedsARun() throws {
        let missing = try #require(throws: FileError.self) { try Run.open(folder.file("none")) }
        #expect(isOneSentence("\(missing)", about: folder.file("none/configuration.json")))
    }

    // MARK: Training

    @Test func filesExistAfterTheFirstEpoch() throws {
        let run = try create(epochs: 3)
        let seen = Mutex<[Int]>([])
        let watch = Callback(
            atStart: { _ throws -> Callback.Flow in
                #expect(File.exists("\(run.directory)/\(Checkpoint.lastName)") == false)
                let provenance = try run.provenance
                #expect(provenance != nil)
                return .continue
            },
            afterBatch: { context in
                guard context.state.epoch == 1, context.state.batch == 1 else { return }
                #expect(try run.best.epoch == 1)
                #expect(try run.last?.state.epoch == 1)
                let count = try run.history.count
                seen.withLock { $0.append(count) }
            })
        try run.train(callbacks: [watch])
        #expect(seen.withLock { $0 } == [1])
        #expect(try run.history.count == 3)
        #expect(
            File.names(in: run.directory) == [
                WeightsFile.bestName, "configuration.json", "history.json", Checkpoint.lastName, "log.txt",
                "metrics.jsonl", "outcome.json", "predictions.jsonl", "provenance.json", "samples.png",
            ])
    }

    @Test(arguments: [1, 4, 5]) func resumedRunsEqualUninterruptedOnes(batches: Int) throws {
        let uninterrupted = try create(epochs: 3, at: "uninterrupted")
        try uninterrupted.train(callbacks: [])
        let run = try create(epochs: 3)
        #expect(throws: Interruption.self) { try run.train(callbacks: [interruption(afterBatches: batches)]) }
        let resumed = try Run.open(run.directory)
        try resumed.train(callbacks: [])
        #expect(try tensors(resumed) == tensors(uninterrupted))
        #expect(try resumed.history.map(\.loss) == uninterrupted.history.map(\.loss))
        #expect(try resumed.history.map(\.validation) == uninterrupted.history.map(\.validation))
    }

    @Test func aFinishedRunIsNotTrainedAgain() throws {
        let history = try create(epochs: 2).train(callbacks: [])
        let before = try contents(of: folder.file("run"))
        let steps = Mutex(0)
        let again = try Run.open(folder.file("run"))
            .train(callbacks: [Callback(afterBatch: { _ in steps.withLock { $0 += 1 } })])
        #expect(again == history)
        #expect(steps.withLock { $0 } == 0)
        let after = try contents(of: folder.file("run"))
        for (name, bytes) in before { #expect(after[name] == bytes, "\(name)") }
        #expect(after.count == before.count)
    }

    @Test func whatAKilledProgramLeftIsRemoved() throws {
        let run = try create(epochs: 1)
        try folder.write("half", to: "run/.last.safetensors.123.456.tmp")
        try folder.write("mine", to: "run/.notes.tmp")
        try run.train(callbacks: [])
        let hidden = File.names(in: run.directory, includingHidden: true).filter { $0.hasPrefix(".") }
        #expect(hidden == [".lock", ".notes.tmp"])
    }

    @Test func aDamagedCheckpointIsNotOverwritten() throws {
        let run = try create(epochs: 1)
        try run.train(callbacks: [])
        let last = "\(run.directory)/\(Checkpoint.lastName)"
        try File.write(Array(File.readBytes(last).dropLast(9)), to: last)
        let before = try contents(of: run.directory)
        let error = try #require(throws: ArchiveError.self) { try run.train(callbacks: []) }
        #expect(isOneSentence(error.description, about: last))
        #expect(try contents(of: run.directory) == before)
    }

    @Test(arguments: ["history.json", "provenance.json"]) func damagedRecordsAreRefused(name: String) throws {
        let run = try create(epochs: 1)
        for text in ["{", "3"] {
            try folder.write(text, to: "run/\(name)")
            let error = try #require(throws: ConfigurationError.self) {
                if name == "history.json" { _ = try run.history } else { _ = try run.provenance }
            }
            #expect(isOneSentence(error.description, about: "\(run.directory)/\(name)"), "\(error)")
        }
    }

    @Test func theLimitReducesTheTrainingSamples() throws {
        var task = TinyLines.task(directory: folder.file("data"))
        (task.data.limit, task.data.validation) = (4, nil)
        let batches = Mutex(0)
        let watch = Callback(afterBatch: { context in batches.withLock { $0 = context.batchesPerEpoch } })
        let run = try Run.create(TinyLines.experiment(task, epochs: 1), at: folder.file("run"))
        let history = try run.train(callbacks: [watch])
        #expect(batches.withLock { $0 } == 2)
        #expect(history[0].validation.isEmpty)
        #expect(try run.best.epoch == 1)
    }

    // MARK: Locking

    @Test func aRunInUseIsNotTrained() throws {
        let run = try create(epochs: 1)
        let lock = try FileLock("\(run.directory)/.lock")
        try withExtendedLifetime(#require(lock)) {
            _ = #expect(throws: RunError.inUse(run.directory)) { try run.train(callbacks: []) }
        }
        #expect(isOneSentence("\(RunError.inUse(run.directory))", about: run.directory))
        #expect(try run.history.isEmpty)
    }

    @Test func theLockIsReleasedAfterTraining() throws {
        let run = try create(epochs: 1)
        #expect(throws: Interruption.self) { try run.train(callbacks: [interruption(afterBatches: 1)]) }
        #expect(try run.train(callbacks: []).count == 1)
    }

    // MARK: Initial weights

    /// An autoregressive network starts with the encoder of a line recognizer.
    @Test func matchingParametersAreInitializedFromOtherWeights() throws {
        let reader = try create(epochs: 1, at: "reader")
        try reader.train(callbacks: [])
        var experiment = try experiment(epochs: 1)
        experiment.network = try Choice(
            Seq2Seq.self, .init(classes: 4, filters: [2, 2, 3, 3, 3], hidden: 3, width: 6, embedding: 3))
        // With a learning rate of 0, the initial weights are the final ones.
        (experiment.training.rate, experiment.training.startsFrom) = (0, reader.directory)
        let generator = try Run.create(experiment, at: folder.file("generator"))
        try generator.train(callbacks: [])
        let weights = try TensorArchive(contentsOf: "\(reader.directory)/\(WeightsFile.bestName)")
        let learned = try tensors(generator)
        for name in ["convolutions.0.weight", "convolutions.4.bias", "recurrent.0.forward.inputWeight"] {
            let expected: Tensor<Float> = try weights.tensor(name)
            #expect(learned["encoder.\(name)"] == expected, "\(name)")
        }
    }

    @Test func weightsWithoutMatchingParametersAreRefused() throws {
        let network = UNet(.init(filters: 2, depth: 1))
        try WeightsFile.write(network, of: LineDetector.model(network), to: folder.file("unet"))
        var experiment = try experiment(epochs: 1)
        experiment.training.startsFrom = folder.file("unet")
        let run = try Run.create(experiment, at: folder.file("run"))
        let error = try #require(throws: ConfigurationError.self) { try run.train(callbacks: []) }
        #expect(error.description.contains("training.startsFrom"))
    }

    /// Known characters keep their weights, wherever they are in the new alphabet.
    @Test(arguments: ["cba", "xabyc"]) func anAlphabetCanBeExchanged(characters: String) throws {
        let reader = try create(epochs: 1, at: "reader")
        try reader.train(callbacks: [])
        var task = TinyLines.task(directory: folder.file("data"))
        task.characters = characters
        var experiment = try TinyLines.experiment(task, epochs: 1)
        (experiment.training.rate, experiment.training.startsFrom) = (0, reader.directory)
        let run = try Run.create(experiment, at: folder.file("run"))
        try run.train(callbacks: [])
        let old: Tensor<Float> = try TensorArchive(contentsOf: "\(reader.directory)/\(WeightsFile.bestName)")
            .tensor("head.weight")
        let new = try #require(try tensors(run)["head.weight"])
        for (index, character) in ("_" + characters).enumerated() {
            guard let known = Array("_" + TinyLines.letters).firstIndex(of: character) else { continue }
            #expect(new.sliced(index..<index + 1, axis: -1) == old.sliced(known..<known + 1, axis: -1), "\(character)")
        }
    }
}
