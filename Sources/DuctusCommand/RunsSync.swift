import ArgumentParser
import Ductus

extension Runs {
    struct Sync: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends runs to trackers, as far as these do not have them.",
            discussion: "A run is sent to the trackers of its configuration, unless --tracker names others.")

        @Argument(help: ArgumentHelp("The directories of the runs.", valueName: "run"))
        var directories: [String]

        @Option(
            name: .customLong("tracker"),
            help: ArgumentHelp(
                "A tracker: its name, or a JSON object with its name and settings. May be repeated.",
                valueName: "tracker"))
        var trackers: [String] = []

        func run() throws {
            let chosen = try trackers.map(Self.tracker)
            for directory in directories {
                for name in try Run.synchronize(directory, with: chosen) { report("\(name) has \(directory).") }
            }
        }

        private static func tracker(_ text: String) throws -> any Tracker {
            let json = text.hasPrefix("{") ? try? JSONText(parsing: Array(text.utf8)) : .string(text)
            guard let choice = json.flatMap({ Choice($0) }) else {
                throw ValidationError("--tracker must be a name, or a JSON object with a name and settings.")
            }
            return try Registries.trackers.component(choice, file: "--tracker", key: "tracker")
        }
    }
}
