import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

@Suite struct RunSummaryTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try TinyLines.write(to: folder.file("data"))
    }

    private func train(
        epochs: Int, at name: String, changing change: (inout Experiment) -> Void = { _ in }
    ) throws -> Run {
        var experiment = try TinyLines.experiment(directory: folder.file("data"), epochs: epochs)
        change(&experiment)
        let run = try Run.create(experiment, at: folder.file(name))
        try run.train(callbacks: [])
        return run
    }

    /// A run of some finished epochs, without weights.
    private func write(_ name: String, epochs: Int, of planned: Int, rate: Double = 0.01) throws {
        try folder.write(
            #"{"name": "x", "network": {"name": "crnn"}, "task": "lines", "training": {"epochs": \#(planned), "#
                + #""rate": \#(rate), "average": null, "optimizer": {"name": "adamW", "decay": 0.01}}}"#,
            to: "\(name)/configuration.json")
        let history = (0..<epochs).map {
            #"{"epoch": \#($0 + 1), "loss": 1, "validation": {}, "rate": 0.01, "seconds": 2.5}"#
        }
        try folder.write("[" + history.joined(separator: ", ") + "]", to: "\(name)/history.json")
    }

    @Test func aFinishedRunIsSummarized() throws {
        let run = try train(epochs: 3, at: "runs/one")
        let summary = try RunSummary(folder.file("runs/one/"))
        let (history, best) = (try run.history, try run.best)
        #expect(summary.directory == run.directory)
        #expect(summary.name == "one")
        #expect(summary.task == "lines")
        #expect(summary.network == "crnn")
        #expect(summary.state == .finished)
        #expect(summary.plannedEpochs == 3)
        #expect(summary.history == history)
        #expect(summary.seconds == history.reduce(0) { $0 + $1.seconds })
        #expect(summary.monitor == "characterAccuracy")
        #expect(summary.best?.epoch == best.epoch)
        #expect(summary.bestValue == history.compactMap { $0.validation["characterAccuracy"] }.max())
        #expect(summary.checkpoints.map(\.name) == [WeightsFile.bestName, Checkpoint.lastName])
    }

    @Test func theStateFollowsFromEpochsAndLock() throws {
        try write("run", epochs: 2, of: 3)
        #expect(try RunSummary(folder.file("run")).state == .interrupted)
        #expect(try RunSummary(folder.file("run")).seconds == 5)
        #expect(File.names(in: folder.file("run"), includingHidden: true) == ["configuration.json", "history.json"])
        let lock = try #require(try FileLock(folder.file("run/.lock")))
        let state = try withExtendedLifetime(lock) { try RunSummary(folder.file("run")).state }
        #expect(state == .running)
    }

    @Test func theLastEpochFinishesARun() throws {
        try write("run", epochs: 3, of: 3)
        #expect(try RunSummary(folder.file("run")).state == .finished)
    }

    @Test func aRunThatACallbackStoppedIsFinished() throws {
        _ = try train(epochs: 40, at: "run") { experiment in
            experiment.training.rate = 0
            experiment.training.callbacks = [Choice("earlyStopping", settings: ["patience": .number("1")])]
        }
        let summary = try RunSummary(folder.file("run"))
        #expect(summary.history.count < 40)
        #expect(summary.state == .finished)
        // With more epochs to come after it, the outcome is that of an earlier training.
        try folder.write(#"{"epochs": 1, "finished": "2026-01-31T14:25:00Z"}"#, to: "run/outcome.json")
        #expect(try RunSummary(folder.file("run")).state == .interrupted)
    }

    @Test func runsAreListedByNameAndDamagedOnesNamed() throws {
        try write("runs/b", epochs: 1, of: 3)
        try write("runs/a", epochs: 1, of: 3)
        try write("runs/c", epochs: 1, of: 3)
        try folder.write("{", to: "runs/c/history.json")
        try folder.write("[]", to: "runs/d/configuration.json")
        try folder.write("no run", to: "runs/e/notes.txt")
        let all = try RunSummary.all(in: folder.file("runs"))
        #expect(all.map { File.name(of: $0.directory) } == ["a", "b", "c", "d"])
        #expect(all.compactMap { try? $0.result.get().name } == ["a", "b"])
        for (listed, name) in zip(all.dropFirst(2), ["history.json", "configuration.json"]) {
            let error = #expect(throws: ConfigurationError.self) { try listed.result.get() }
            #expect(isOneSentence(error?.description ?? "", about: "\(listed.directory)/\(name)"))
        }
        #expect(throws: FileError(file: folder.file("none"), reason: .missing)) {
            try RunSummary.all(in: folder.file("none"))
        }
    }

    // MARK: Filters

    @Test(arguments: [
        ("training.rate >= 0.01", true), ("training.rate>0.01", false), ("training.rate < 1e-1", true),
        ("training.rate = 1e-2", true), ("training.rate == 0.01", true), ("training.rate != 0.01", false),
        ("training.rate <= 0.001", false), ("network = crnn", true), ("network.name != crnn", false),
        ("training.optimizer = adamW", true), ("training.optimizer.decay <= 0.01", true),
        ("training.average = null", true), ("epochs = 2", true), ("state = interrupted", true), ("name = run", true),
        ("missing = 1", false), ("missing != 1", true), ("missing < 1", false), ("network < 3", false),
    ]) func filtersCompareValues(text: String, accepts: Bool) throws {
        try write("run", epochs: 2, of: 3)
        #expect(try RunFilter(text).accepts(RunSummary(folder.file("run"))) == accepts)
    }

    @Test(arguments: ["", "training.rate", "= 3", "training.rate =", "training.rate ! 3"])
    func incompleteFiltersAreRefused(text: String) {
        #expect(throws: UsageError.self) { try RunFilter(text) }
    }

    @Test func runsAreSortedByNumbersAndMissingValuesComeLast() throws {
        for (name, rate) in [("a", 0.5), ("b", 0.01), ("c", 10)] { try write(name, epochs: 1, of: 3, rate: rate) }
        try folder.write("{}", to: "d/configuration.json")
        let runs = try ["d", "a", "b", "c"].map { try RunSummary(folder.file($0)) }
        #expect(runs.sorted(by: "training.rate").map(\.name) == ["b", "a", "c", "d"])
        #expect(runs.sorted(by: "training.rate", descending: true).map(\.name) == ["c", "a", "b", "d"])
        let error = #expect(throws: UsageError.self) { try runs.checkKey("training.rat") }
        #expect(error?.description.contains(#"did you mean "training.rate"?"#) == true)
    }

    // MARK: Comparisons

    @Test func comparisonsContainWhatDiffers() throws {
        _ = try train(epochs: 1, at: "a")
        try TinyLines.image("cba").writePNG(to: folder.file("data/lines/abc.png"))
        _ = try train(epochs: 2, at: "b") { $0.training.optimizer = "sgd" }
        let runs = try ["a", "b"].map { try RunSummary(folder.file($0)) }
        let comparison = RunComparison(runs)
        let keys = Set(comparison.configuration.map(\.key))
        #expect(keys.isSuperset(of: ["training.epochs", "training.optimizer.name"]))
        #expect(keys.allSatisfy { $0 == "training.epochs" || $0.hasPrefix("training.optimizer.") })
        #expect(comparison.configuration.first?.values == [.number("1"), .number("2")])
        #expect(comparison.data.map(\.key) == ["lines train"])
        #expect(comparison.code.isEmpty)
        #expect(comparison.metrics.map(\.key) == ["characterAccuracy", "loss"])
        #expect(RunComparison([runs[0], runs[0]]).configuration.isEmpty)
    }

    // MARK: Removal

    @Test func removedRunsLeaveNothing() throws {
        let run = try train(epochs: 1, at: "runs/run")
        try folder.write("half", to: "runs/run/.last.safetensors.123.456.tmp")
        let sizes = File.names(in: run.directory, includingHidden: true).map {
            File.size("\(run.directory)/\($0)") ?? 0
        }
        let removal = try Run.remove([run.directory, run.directory])
        #expect(removal.count == 1)
        #expect(removal.first?.bytes == sizes.reduce(0, +))
        #expect(removal.first?.remaining == [])
        #expect(File.isDirectory(run.directory) == false)
        #expect(File.isDirectory(folder.file("runs")))
    }

    @Test func otherFilesAndTheBestWeightsStay() throws {
        let run = try train(epochs: 1, at: "run")
        try folder.write("precious", to: "run/notes.txt")
        let removal = try Run.remove([run.directory], keepingBest: true)
        #expect(removal.first?.remaining == [WeightsFile.bestName, "notes.txt"])
        #expect(File.names(in: run.directory, includingHidden: true) == [WeightsFile.bestName, "notes.txt"])
        #expect(try WeightsFile(run.directory).epoch == 1)
    }

    @Test func nothingIsRemovedIfAnyRunIsRefused() throws {
        try write("run", epochs: 1, of: 2)
        try write("busy", epochs: 1, of: 2)
        try folder.write("{}", to: "other/configuration.json")
        let (run, busy, other) = (folder.file("run"), folder.file("busy"), folder.file("other"))
        let lock = try #require(try FileLock("\(busy)/.lock"))
        withExtendedLifetime(lock) {
            _ = #expect(throws: RunError.inUse(busy)) { try Run.remove([run, busy]) }
        }
        for path in [other, folder.file("none"), folder.file("data")] {
            #expect(throws: RunError.noRun(path)) { try Run.remove([run, path]) }
            #expect(isOneSentence("\(RunError.noRun(path))", about: path))
        }
        #expect(File.names(in: run) == ["configuration.json", "history.json"])
        #expect(File.names(in: other) == ["configuration.json"])
    }
}
