import ArgumentParser
import Ductus

extension Runs {
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows the configuration, origin, and outcome of a run.")

        @Argument(help: ArgumentHelp("The directory of the run.", valueName: "run"))
        var directory: String

        @Flag(help: "Prints one JSON object.")
        var json = false

        func run() throws {
            let run = try RunSummary(directory)
            if json { return try printResult(run.completeJSON.text + "\n") }
            for part in [Self.outcome(run), Self.origin(run), Self.settings(run), Self.history(run)]
            where !part.isEmpty {
                try printTable(part)
                try printResult("\n")
            }
            try printTable(run.checkpoints.map { [$0.name, File.shown(bytes: $0.bytes)] })
        }

        private static func outcome(_ run: RunSummary) -> [[String]] {
            var rows = [
                ["name", File.shown(run.name)], ["state", run.state.rawValue],
                ["epochs", "\(run.history.count)/\(run.plannedEpochs)"], ["time", Duration.seconds(run.seconds).short],
            ]
            if let seconds = run.outcome?.processorSeconds {
                rows.append(["processor time", Duration.seconds(seconds).short])
            }
            if let bytes = run.outcome?.peakMemory { rows.append(["peak memory", File.shown(bytes: bytes)]) }
            if let best = run.best {
                let value = run.bestValue.map { ", \(run.monitor ?? "") \($0.short)" } ?? ""
                rows.append(["best", "epoch \(best.epoch)\(value)"])
            }
            return rows
        }

        private static func origin(_ run: RunSummary) -> [[String]] {
            guard let provenance = run.provenance else { return [] }
            let members = provenance.codeVersions + provenance.dataSetVersions + provenance.dataVersions
            return [["created", provenance.created], ["seed", "\(provenance.seed)"]]
                + members.map { [File.shown($0.key), $0.value.shown] }
        }

        private static func settings(_ run: RunSummary) -> [[String]] {
            run.configuration.leaves.filter { $0.value != .null }.map { [$0.key, $0.value.shown] }
        }

        private static func history(_ run: RunSummary) -> [[String]] {
            let names = Set(run.history.flatMap { $0.validation.keys }).sorted()
            guard !run.history.isEmpty else { return [] }
            return [
                ["epoch", "training loss"] + names.map { $0 == "loss" ? "validation loss" : $0 } + ["rate", "time"]
            ]
                + run.history.map { record in
                    ["\(record.epoch)\(record.epoch == run.best?.epoch ? " *" : "")", record.loss.short]
                        + names.map { record.validation[$0]?.short ?? "" }
                        + ["\(Float(record.rate))", Duration.seconds(record.seconds).short]
                }
        }
    }
}
