import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

@Suite struct SweepTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try TinyLines.write(to: folder.file("data"))
        let experiment = try TinyLines.experiment(directory: folder.file("data"), epochs: 3)
        try folder.write(Array(experiment.text.utf8), to: "tiny.json")
        try folder.write(
            """
            {"name": "rates", "experiment": "tiny.json", "keys": {
                "network.hidden": [2, 3],
                "training.rate": {"low": 0.001, "high": 0.03, "scale": "logarithmic", "count": 4}}}
            """, to: "sweep.json")
    }

    private func arguments(_ runs: String, _ more: String...) -> [String] {
        ["sweep", folder.file("sweep.json"), "--runs", folder.file(runs)] + more
    }

    @Test func aSweepThatIsKilledEndsLikeOneThatIsNot() throws {
        let whole = try Ductus.Run(arguments("whole")).wait()
        #expect(whole.status == 0, "\(whole)")
        for moment in 0..<2 {
            let run = try Ductus.Run(arguments("killed", "--processes", "2") + (moment > 0 ? ["--resume"] : []))
            // It is killed in the middle of a trial, with others done and not begun.
            while !File.exists(folder.file("killed/rates/trial-\(2 + 3 * moment)/best.safetensors")) {
                Ductus.pause(milliseconds: 5)
            }
            run.kill()
            #expect(!File.exists(folder.file("killed/rates/best.json")))
        }
        let refused = try Ductus.run("sweep", Array(arguments("killed").dropFirst()))
        #expect(refused.status == 1)
        #expect(refused.errors.contains("--resume"))
        let killed = try Ductus.Run(arguments("killed", "--processes", "2", "--resume")).wait()
        #expect(killed.status == 0, "\(killed)")
        #expect(killed.output == whole.output)
        #expect(whole.output.split(separator: "\n").count == 9)
        for file in ["best.json", "sweep.svg"] {
            let (one, other) = (folder.file("whole/rates/\(file)"), folder.file("killed/rates/\(file)"))
            #expect(try File.readBytes(one) == File.readBytes(other))
        }
        for trial in 1...8 {
            let name = "rates/trial-\(trial)/best.safetensors"
            #expect(try File.readBytes(folder.file("whole/\(name)")) == File.readBytes(folder.file("killed/\(name)")))
        }
    }

    @Test func resultsArePrintedAsJSON() throws {
        try folder.write(
            #"{"name": "one", "experiment": "tiny.json", "keys": {"training.rate": [0.01, 0.02]}}"#, to: "sweep.json")
        let result = try Ductus.Run(arguments("runs", "--json")).wait()
        #expect(result.status == 0, "\(result)")
        let trials = try #require(try JSONText(parsing: Array(result.output.utf8)).array)
        #expect(trials.count == 2)
        #expect(trials.compactMap { $0.object?["trial"]?.count }.sorted() == [1, 2])
        let values = trials.compactMap { $0.object?["best"]?.number }
        #expect(values == values.sorted(by: >))
        let best = try #require(trials.first?.object)
        let experiment = try Experiment(contentsOf: folder.file("runs/one/best.json"))
        #expect(experiment.training.rate == best["values"]?.object?["training.rate"]?.number)
    }

    @Test func aTrialThatFailsIsNamed() throws {
        try folder.write(
            #"{"name": "two", "experiment": "tiny.json", "keys": {"data.training": ["train", "none"]}}"#,
            to: "sweep.json")
        let result = try Ductus.Run(arguments("runs")).wait()
        #expect(result.status == 1)
        #expect(result.errors.contains("trial-2 failed"), "\(result)")
        #expect(result.output.split(separator: "\n").count == 3)
        #expect(
            String(decoding: try File.readBytes(folder.file("runs/two/trial-2.log")), as: UTF8.self).contains("none"))
    }

    @Test func mistakesAreRefusedBeforeTraining() throws {
        try folder.write(
            #"{"name": "bad", "experiment": "tiny.json", "keys": {"training.rate": [0.1, -1]}}"#, to: "sweep.json")
        let result = try Ductus.Run(arguments("runs")).wait()
        result.expectRefusal(about: folder.file("sweep.json") + ", trial 2")
        #expect(!File.exists(folder.file("runs/bad")))
    }
}
