import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

/// A tracker that remembers what it was sent, and fails when it is told to.
private struct Notebook: Tracker {
    static let name = "notebook"
    /// The notebooks of all tests by title.
    static let pages = Locked<[String: Page]>([:])

    struct Page {
        var calls: [String] = []
        var items: [TrackedItem] = []
        /// The number of calls of `send` that will fail.
        var failures = 0
    }

    struct Torn: Error {}

    var title = ""
    var destination: String { title }

    private func note(_ change: (inout Page) throws -> Void) rethrows {
        try Self.pages.withLock { try change(&$0[title, default: Page()]) }
    }

    func begin(_ run: TrackedRun, memory: inout [String: String]) throws {
        note { $0.calls.append("begin \(memory["begun"] ?? "")") }
        memory["begun"] = run.name
    }

    func send(_ items: [TrackedItem], of run: TrackedRun, memory: inout [String: String]) throws {
        try note { page in
            guard page.failures == 0 else {
                page.failures -= 1
                throw Torn()
            }
            page.calls.append("send \(items.count)")
            page.items += items
        }
    }

    func end(_ run: TrackedRun, isFinished: Bool, memory: inout [String: String]) throws {
        note { $0.calls.append("end \(isFinished)") }
    }
}

@Suite struct TrackerFeedTests {
    private let folder: TemporaryFolder
    private let title: String

    init() throws {
        folder = try TemporaryFolder()
        title = folder.path
        try TinyLines.write(to: folder.file("data"))
    }

    private struct Interruption: Error {}

    private var components: Components {
        let all = Components.registered
        return Components(
            tasks: all.tasks, metrics: all.metrics, callbacks: all.callbacks,
            trackers: Registry("tracker", [Notebook.self, TensorBoard.self]) { $0.name })
    }

    /// A run that is tracked by a notebook with the title of this test, and by TensorBoard.
    private func create(epochs: Int = 2, _ change: (inout TrainingConfiguration) -> Void = { _ in }) throws -> Run {
        var training = TrainingConfiguration()
        (training.epochs, training.batchSize, training.rate) = (epochs, 3, 0.01)
        var notebook = Notebook()
        notebook.title = title
        training.trackers = [Choice(notebook), "tensorBoard"]
        change(&training)
        let experiment = try Experiment(
            name: "tiny", task: TinyLines.task(directory: folder.file("data")), network: CRNN.self, TinyLines.network,
            training: training, components: components)
        return try Run.create(experiment, at: folder.file("run"))
    }

    private var page: Notebook.Page { Notebook.pages.withLock { $0[title] ?? Notebook.Page() } }

    private func fail(_ count: Int) {
        Notebook.pages.withLock { $0[title, default: Notebook.Page()].failures = count }
    }

    /// The scalars with a name, by step.
    private func scalars(_ name: String) -> [Int: [Double]] {
        var values: [Int: [Double]] = [:]
        for item in page.items where item.name == name {
            if case .scalar(let value) = item.value { values[item.step, default: []].append(value) }
        }
        return values
    }

    @Test func aTrackerHasEverythingAfterTraining() throws {
        let run = try create()
        let history = try run.train(callbacks: [])
        let steps = try run.steps
        #expect(page.calls.first == "begin ")
        #expect(page.calls.last == "end true")
        #expect(scalars("training/loss") == Dictionary(uniqueKeysWithValues: steps.map { ($0.step, [$0.loss]) }))
        #expect(
            scalars("validation/characterAccuracy")
                == [
                    3: [history[0].validation["characterAccuracy"] ?? -1],
                    6: [history[1].validation["characterAccuracy"] ?? -1],
                ])
        let images = page.items.filter { if case .image = $0.value { true } else { false } }
        #expect(images.map(\.name) == ["samples"])
        let texts = page.items.compactMap { if case .text(let text) = $0.value { text } else { nil } }
        #expect(texts.count == 2)
        #expect(texts.last?.hasPrefix("| sample | expected | predicted |\n|---|---|---|\n| ") == true)
        #expect(page.items.contains { $0.name == "weights/head.weight" })
        // There is nothing left to send.
        let calls = page.calls
        let trackers: [any Tracker] = [try notebook(), TensorBoard()]
        try Run.synchronize(run.directory, with: trackers)
        #expect(page.calls == calls)
    }

    private func notebook() throws -> Notebook {
        var notebook = Notebook()
        notebook.title = title
        return notebook
    }

    /// A tracker that is down changes nothing, and has everything after it is up.
    @Test func whatATrackerMissesIsSentLater() throws {
        fail(.max)
        let run = try create()
        try run.train(callbacks: [])
        #expect(page.items.isEmpty)
        let log = String(decoding: try File.readBytes("\(run.directory)/log.txt"), as: UTF8.self)
        #expect(log.contains("notebook (\(title)): Torn() Training goes on; what is missing is sent later."), "\(log)")
        #expect(log.contains("send the rest with: ductus runs sync \(run.directory)"), "\(log)")
        fail(0)
        try Run.synchronize(run.directory, with: [notebook()])
        #expect(scalars("training/loss").count == 6)
        #expect(page.calls.last == "end true")
        #expect(page.calls.filter { $0.hasPrefix("begin") } == ["begin ", "begin run"])
    }

    /// A run that is resumed repeats steps that were sent already.
    @Test func nothingIsSentTwice() throws {
        let run = try create { $0.checkpointEvery = 2 }
        #expect(throws: Interruption.self) {
            try run.train(callbacks: [
                Callback(afterBatch: { if $0.optimizer.steps == 6 { throw Interruption() } })
            ])
        }
        #expect(page.calls.last == "end false")
        #expect(scalars("training/loss").count == 5)
        try Run.open(run.directory, components: components).train(callbacks: [])
        #expect(page.calls.last == "end true")
        let expected = try run.steps.map { ($0.step, [$0.loss]) }
        #expect(scalars("training/loss") == Dictionary(uniqueKeysWithValues: expected))
    }

    @Test func trackersDoNotChangeTheWeights() throws {
        let run = try create()
        try run.train(callbacks: [])
        let tracked = try #require(try run.last)
        _ = try Run.remove([run.directory])
        let other = try create { $0.trackers = [] }
        try other.train(callbacks: [])
        let plain = try #require(try other.last)
        for name in plain.archive.names {
            let (a, b): (Tensor<Float>, Tensor<Float>) = try (plain.archive.tensor(name), tracked.archive.tensor(name))
            #expect(a == b, "\(name)")
        }
        #expect(File.exists("\(other.directory)/histograms.jsonl") == false)
    }

    /// What a program wrote before it was killed, and did not remember, is written again.
    @Test func eventFilesContinueAfterWhatIsRemembered() throws {
        let run = try create()
        try run.train(callbacks: [])
        let name = try #require(File.names(in: run.directory).first { $0.hasPrefix("events.out.tfevents.") })
        let path = "\(run.directory)/\(name)"
        let whole = try File.readBytes(path)
        let text = try JSONText(parsing: File.readBytes("\(run.directory)/trackers.json"))
        #expect(text[path: "tensorBoard.memory.bytes"]?.string == "\(whole.count)")
        var memory = ["file": name, "bytes": "\(whole.count - 5)"]
        try File.write(whole + [1, 2, 3], to: path)
        try TensorBoard().send(
            [TrackedItem("a", step: 1, time: 2, .scalar(3))], of: TrackedRun(run.directory), memory: &memory)
        let bytes = try File.readBytes(path)
        #expect(Array(bytes.prefix(whole.count - 5)) == whole.dropLast(5))
        #expect(memory["bytes"] == "\(bytes.count)")
        #expect(bytes.count < whole.count + 60)
    }

    @Test func removalIncludesEventFiles() throws {
        let run = try create(epochs: 1)
        try run.train(callbacks: [])
        _ = try Run.remove([run.directory])
        #expect(File.isDirectory(run.directory) == false)
    }

    @Test func runsWithoutTrackersAreNotSent() throws {
        let run = try create(epochs: 1) { $0.trackers = [] }
        try run.train(callbacks: [])
        let error = try #require(throws: ConfigurationError.self) { try Run.synchronize(run.directory) }
        #expect(isOneSentence("\(error)", about: "\(run.directory)/configuration.json"), "\(error)")
        #expect(error.description.contains("tensorBoard, mlflow"))
    }
}
