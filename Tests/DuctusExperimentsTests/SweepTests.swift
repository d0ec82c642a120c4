import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

@Suite struct SweepTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try TinyLines.write(to: folder.file("data"))
        let experiment = try TinyLines.experiment(directory: folder.file("data"), epochs: 4)
        try folder.write(Array(experiment.text.utf8), to: "tiny.json")
    }

    private func sweep(_ text: String) throws -> Sweep {
        try Sweep(contentsOf: folder.write(Array(text.utf8), to: "sweep.json"), components: .registered)
    }

    private func values(_ sweep: Sweep) -> [[String]] { sweep.trials.map { $0.values.map(\.text) } }

    /// Table 1 of L. Li et al., *Hyperband*, 2018: trials and epochs of every rung for R = 81 and η = 3.
    @Test func hyperbandHasTheBracketsOfItsPaper() {
        let brackets = Hyperband().brackets(epochs: 81, combinations: 0)
        let expected: [[(Int, Int?)]] = [
            [(81, 1), (27, 3), (9, 9), (3, 27), (1, nil)], [(34, 3), (11, 9), (3, 27), (1, nil)],
            [(15, 9), (5, 27), (1, nil)], [(8, 27), (2, nil)], [(5, nil)],
        ]
        #expect(brackets == expected.map { Bracket($0.map { .init(trials: $0.0, epochs: $0.1) }) })
    }

    @Test(arguments: [(27, 3, 1, 27), (8, 2, 1, 4), (10, 3, 2, 50), (1, 3, 1, 9), (5, 2, 8, 4)])
    func halvingKeepsFewerTrialsForLonger(_ trials: Int, _ reduction: Int, _ first: Int, _ epochs: Int) throws {
        var search = SuccessiveHalving()
        (search.trials, search.reduction, search.minimumEpochs) = (trials, reduction, first)
        let brackets = search.brackets(epochs: epochs, combinations: 0)
        #expect(brackets.count == 1)
        let rungs = try #require(brackets.first).rungs
        #expect(rungs.first?.trials == trials)
        #expect(try #require(rungs.last).epochs == nil)
        for (rung, next) in zip(rungs, rungs.dropFirst()) {
            #expect(next.trials == max(1, rung.trials / reduction))
            let length = try #require(rung.epochs)
            #expect(length * reduction == next.epochs ?? length * reduction)
            #expect(length < epochs)
        }
    }

    @Test func aGridHasAllCombinations() throws {
        let sweep = try sweep(
            """
            {"name": "grid", "experiment": "tiny.json", "keys": {
                "training.rate": {"low": 0.001, "high": 0.1, "scale": "logarithmic", "count": 3},
                "network.hidden": [2, 3]}}
            """)
        #expect(sweep.keys == ["network.hidden", "training.rate"])
        #expect(
            values(sweep) == [
                ["2", "0.001"], ["2", "0.01"], ["2", "0.1"], ["3", "0.001"], ["3", "0.01"], ["3", "0.1"],
            ])
        let experiment = try sweep.experiment(of: sweep.trials[4])
        #expect(experiment.training.rate == 0.01)
        #expect(try experiment.text.contains("\"hidden\": 3"))
    }

    @Test func randomTrialsLieInTheirRangesAndAreReproducible() throws {
        let text = """
            {"name": "random", "experiment": "tiny.json", "search": {"name": "random", "trials": 40}, "seed": 7, "keys": {
                "training.rate": {"low": 0.001, "high": 0.1, "scale": "logarithmic"},
                "training.batchSize": {"low": 2, "high": 5, "isWhole": true},
                "training.schedule": ["cosine", "oneCycle"]}}
            """
        let sweep = try sweep(text)
        #expect(sweep.trials.count == 40)
        for trial in sweep.trials {
            #expect((2...5).contains(try #require(trial.values[0].count)))
            #expect((0.001...0.1).contains(try #require(trial.values[1].number)))
        }
        // Half of the logarithmic range is below its geometric mean.
        let low = sweep.trials.count { ($0.values[1].number ?? 1) < 0.01 }
        #expect((10...30).contains(low))
        #expect(Set(values(sweep)).count == 40)
        #expect(try values(self.sweep(text)) == values(sweep))
        #expect(try values(self.sweep(text.replacing("\"seed\": 7", with: "\"seed\": 8"))) != values(sweep))
    }

    @Test(arguments: [
        (#"{"experiment": "tiny.json"}"#, "keys"),
        (#"{"experiment": "tiny.json", "keys": {"training.rat": [1]}}"#, "did you mean \"rate\"?"),
        (#"{"experiment": "tiny.json", "keys": {"training.rate": [-1]}}"#, "training.rate"),
        (#"{"experiment": "tiny.json", "keys": {"training.rate": []}}"#, "no values"),
        (#"{"experiment": "tiny.json", "keys": {"training.rate": 1}}"#, "must be an array"),
        (#"{"experiment": "tiny.json", "keys": {"training.rate": {"low": 2, "high": 1}}}"#, "must be less than"),
        (
            #"{"experiment": "tiny.json", "keys": {"training.rate": {"low": 0, "high": 1, "scale": "logarithmic"}}}"#,
            "positive"
        ),
        (#"{"experiment": "tiny.json", "serach": "grid", "keys": {"training.rate": [1]}}"#, "did you mean \"search\"?"),
        (#"{"experiment": "tiny.json", "search": "gird", "keys": {"training.rate": [1]}}"#, "did you mean \"grid\"?"),
        (#"{"experiment": "tiny.json", "name": "a/b", "keys": {"training.rate": [1]}}"#, "name of a directory"),
        (#"{"experiment": "tiny.json", "search": "halving", "keys": {"training.epochs": [1, 2]}}"#, "training.epochs"),
        ("{", "line 1"),
    ])
    func mistakesAreNamed(_ text: String, _ part: String) throws {
        let error = try #require(#expect(throws: ConfigurationError.self) { try sweep(text) })
        #expect(error.description.contains(part), "\(error)")
    }

    /// Trains like `ductus sweep`, but in this process, and forgets everything after every trial.
    private func finish(_ sweep: Sweep, in directory: String, forgetting: Bool) throws -> [SweepResult] {
        var progress = try SweepProgress(sweep, in: directory, resumes: true)
        while let task = try progress.next().first {
            try progress.run(of: task.trial).train(callbacks: [.pausing(afterEpoch: task.epochs)])
            progress.finish(task)
            if forgetting { progress = try SweepProgress(sweep, in: directory, resumes: true) }
        }
        return try progress.results()
    }

    @Test func halvingTrainsTheBestTrialsLongerAndCanBeInterrupted() throws {
        let sweep = try sweep(
            """
            {"name": "halving", "experiment": "tiny.json",
             "search": {"name": "halving", "trials": 4, "reduction": 2}, "keys": {
                "training.rate": {"low": 0.0001, "high": 0.03, "scale": "logarithmic"}}}
            """)
        let results = try finish(sweep, in: folder.file("one"), forgetting: false)
        #expect(results.map(\.epochs).sorted() == [1, 1, 2, 4])
        let again = try finish(sweep, in: folder.file("two"), forgetting: true)
        #expect(again.map(\.trial) == results.map(\.trial))
        #expect(again.map(\.value) == results.map(\.value))
        #expect(again.map(\.epochs) == results.map(\.epochs))
    }

    @Test func aDirectoryHasOneSweep() throws {
        let text = #"{"name": "s", "experiment": "tiny.json", "keys": {"training.rate": [0.1]}}"#
        _ = try SweepProgress(sweep(text), in: folder.file("s"), resumes: false)
        #expect(throws: ConfigurationError.self) {
            try SweepProgress(sweep(text), in: folder.file("s"), resumes: false)
        }
        _ = try SweepProgress(sweep(text), in: folder.file("s"), resumes: true)
        let other = try sweep(text.replacing("0.1", with: "0.2"))
        #expect(throws: ConfigurationError.self) { try SweepProgress(other, in: folder.file("s"), resumes: true) }
        #expect(throws: ConfigurationError.self) {
            try SweepProgress(sweep(text), in: folder.file("data"), resumes: true)
        }
    }
}
