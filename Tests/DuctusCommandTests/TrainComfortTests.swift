import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

/// What `ductus train` offers before and after a training.
@Suite struct TrainComfortTests {
    private let folder: TemporaryFolder
    private let configuration: String

    init() throws {
        folder = try TemporaryFolder()
        configuration = folder.file("tiny.json")
        try TinyLines.write(to: folder.file("data"))
        try folder.write(TinyLines.experiment(directory: folder.file("data"), epochs: 2).text, to: "tiny.json")
    }

    @Test func aDryRunWritesNothing() throws {
        let before = try folder.contents
        let result = try Ductus.run("train", configuration, "--dry-run", "--runs", folder.file("runs"))
        #expect(result.status == 0, "\(result)")
        let rows = result.output.split(separator: "\n").map { $0.split(separator: "  ").first.map(String.init) }
        #expect(
            rows == [
                "parameters", "training loss", "gradient norm", "validation characterAccuracy", "validation loss",
                "checkpoint",
            ])
        #expect(result.errors.contains("nothing was written"))
        #expect(try folder.contents == before)
    }

    @Test func aDryRunFindsWhatTrainingWould() throws {
        let change = "training.startsFrom=\(folder.file("nothing"))"
        #expect(try Ductus.run("train", configuration, "--dry-run", "--set", "network.filters=[1]").status == 1)
        #expect(try Ductus.run("train", configuration, "--dry-run", "--set", "characters=ab").status == 1)
        #expect(try Ductus.run("train", configuration, "--dry-run", "--set", change).status == 1)
    }

    @Test func theRateFinderPrintsATableAndARate() throws {
        let result = try Ductus.run(
            "train", configuration, "--find-rate", "--plot", folder.file("rates.svg"), "--runs", folder.file("runs"))
        #expect(result.status == 0, "\(result)")
        let rows = result.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(rows.first == ["rate", "loss"])
        #expect(rows.dropFirst().first?.first == "1e-06")
        #expect(result.errors.contains("The loss falls fastest at a rate of "), "\(result)")
        #expect(File.isDirectory(folder.file("runs")) == false)
        let plot = try XMLReader.element(contentsOf: folder.file("rates.svg"))
        let suggestion = try #require(result.errors.firstMatch(of: /fastest at a rate of ([^:]*):/)).1
        #expect(plot.child("title")?.text.hasSuffix("at a rate of \(suggestion)") == true)
    }

    @Test func aRepetitionIsCompared() throws {
        let first = try Ductus.run("train", configuration, "--runs", folder.file("runs"))
        let run = first.output.split(separator: "\n").joined()
        let second = try Ductus.run("train", "\(run)/configuration.json", "--runs", folder.file("again"))
        #expect(second.status == 0, "\(second)")
        #expect(second.errors.contains("The weights are those of \(run), bit for bit."), "\(second)")
        let third = try Ductus.run("train", "\(run)/configuration.json", "--seed", "9", "--runs", folder.file("other"))
        #expect(third.errors.contains("The key \"training.seed\" was 1; it is 9 now."), "\(third)")
    }

    @Test func runsAreSentLater() throws {
        let run = try Ductus.run("train", configuration, "--runs", folder.file("runs")).output
            .split(separator: "\n").joined()
        let result = try Ductus.run("runs", "sync", run, "--tracker", "tensorBoard")
        #expect(result.status == 0, "\(result)")
        #expect(result.errors == "tensorBoard has \(run).\n")
        #expect(File.names(in: run).contains { $0.hasPrefix("events.out.tfevents.") })
        let nobody = try Ductus.run("runs", "sync", run)
        nobody.expectRefusal(about: "\(run)/configuration.json")
        let unknown = try Ductus.run("runs", "sync", run, "--tracker", "tensorbord")
        #expect(unknown.errors.contains("did you mean \"tensorBoard\"?"), "\(unknown)")
        // Nobody listens there.
        let down = try Ductus.run(
            "runs", "sync", run, "--tracker", #"{"name": "mlflow", "url": "http://127.0.0.1:9"}"#)
        #expect(down.status == 1, "\(down)")
        #expect(down.errors.hasPrefix("ductus: http://127.0.0.1:9/api/2.0/mlflow/experiments/get-by-name"), "\(down)")
    }
}
