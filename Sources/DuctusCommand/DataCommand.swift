import ArgumentParser
import Ductus
import DuctusManifests

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Fetches, verifies, compares, and inspects data sets.",
        discussion: """
            NAME is a data set of `ductus data list`, with or without a version: mnist, or mnist@1998; or a manifest, which \
            is a file ending in .yaml. Commands that only read take a directory, too.
            """,
        subcommands: [
            List.self, Fetch.self, Verify.self, Show.self, Diff.self, Import.self, Export.self, Features.self,
        ])
}

/// The options of commands that use the store of data sets.
struct StoreOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The directory of the store (default: DUCTUS_STORE, or ductus in the user's directory of caches).",
            valueName: "dir"))
    var store: String?

    /// The store, which reports on standard error.
    var dataStore: DataStore {
        var dataStore = DataStore(directory: store)
        let progress = ProgressLine()
        dataStore.progress = { progress.show($0, $1, $2) }
        dataStore.note = { note in
            progress.end()
            report(note)
        }
        return dataStore
    }
}

extension DataCommand {
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the data sets that come with Ductus and those of the store.")

        @Flag(help: "Prints a JSON array.")
        var json = false

        @OptionGroup var options: StoreOptions

        func run() throws {
            let store = options.dataStore
            let rows = try store.manifests.map { manifest -> (manifest: DataManifest, state: String) in
                let isThere = try store.listing(of: manifest) != nil
                return (manifest, isThere ? "here" : manifest.files == nil ? "not fetched" : "removed")
            }
            if json {
                return try printResult(JSONText.array(rows.map { Self.json($0.manifest, $0.state) }).text + "\n")
            }
            try printTable(
                [["name", "version", "kind", "state", "files", "size", "license"]]
                    + rows.map { manifest, state in
                        [
                            manifest.name, manifest.version, manifest.kind.name, state,
                            manifest.files.map { "\($0.count)" } ?? "", Self.size(of: manifest), manifest.license.name,
                        ]
                    })
        }

        /// The size of the files, else of the sources as far as it is known.
        private static func size(of manifest: DataManifest) -> String {
            if let files = manifest.files { return File.shown(bytes: files.bytes) }
            let sizes = manifest.sources.compactMap(\.bytes)
            return sizes.count < manifest.sources.count ? "" : File.shown(bytes: sizes.reduce(0, +))
        }

        private static func json(_ manifest: DataManifest, _ state: String) -> JSONText {
            .object([
                "name": .string(manifest.name), "version": .string(manifest.version), "title": .string(manifest.title),
                "kind": .string(manifest.kind.name), "state": .string(state), "license": .string(manifest.license.name),
                "files": manifest.files.map { .number("\($0.count)") } ?? .null,
                "bytes": manifest.files.map { .number("\($0.bytes)") } ?? .null,
                "manifest": (try? manifest.hash).map { .string("\($0)") } ?? .null,
            ])
        }
    }

    struct Fetch: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Downloads a data set, verifies it, and prints its directory.",
            discussion: """
                An interrupted download continues where it ended. Nothing is printed, and no directory appears, before all \
                files are there and have the hashes of the manifest.
                """)

        @Argument(help: "A data set, or a manifest file.")
        var name: String

        @Flag(help: "Accepts the terms of the data set.")
        var acceptTerms = false

        @Option(
            help: ArgumentHelp("Also links the data set into this directory, which must not exist.", valueName: "dir"))
        var output: String?

        @Option(
            help: ArgumentHelp("The number of attempts without progress at an address (default: 5).", valueName: "n"))
        var attempts: Int?

        @OptionGroup var options: StoreOptions

        func validate() throws {
            if let attempts, !(1...1000 ~= attempts) { throw ValidationError("--attempts must be 1 to 1000.") }
        }

        func run() throws {
            var store = options.dataStore
            if let attempts { store.downloading.attempts = attempts }
            if let output, File.exists(output) {
                throw FileError(file: output, reason: .system("there is something of that name already"))
            }
            let manifest = try store.manifest(name)
            let data = try store.fetch(manifest, acceptsTerms: acceptTerms)
            var directory = data.directory
            if let output {
                try store.link(data, to: output)
                directory = output
            }
            if let citation = manifest.license.citation { report("Please cite: \(citation).") }
            try printResult(directory + "\n")
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Hashes every file of a data set, and names those that are wrong.")

        @Argument(help: "A data set, or its directory.")
        var name: String

        @Flag(help: "Removes what is wrong from the store, so that the next fetch replaces it.")
        var discard = false

        @Flag(help: "Prints one JSON object.")
        var json = false

        @OptionGroup var options: StoreOptions

        func run() throws {
            let store = options.dataStore
            let data = try store.located(name)
            guard let listing = try data.listing() else {
                throw FileError(
                    file: "\(data.directory)/.ductus/SHA256SUMS",
                    reason: .system("there is no listing to compare with; import the directory first"))
            }
            let wrong = try DataStore.wrongFiles(in: data.directory, of: listing)
            if json {
                let files = wrong.map {
                    JSONText.object(["path": .string($0.path), "problem": .string($0.problem.rawValue)])
                }
                try printResult(
                    JSONText.object([
                        "name": .string(data.name), "files": .number("\(listing.entries.count)"),
                        "wrong": .array(files),
                    ]).text + "\n")
            } else {
                for file in wrong { try printResult("\(file)\n") }
            }
            guard !wrong.isEmpty else { return report("All \(listing.entries.count) files of \(data.name) are right.") }
            if discard, let manifest = data.manifest { try store.discard(manifest) }
            throw DataStoreError.malformed(
                name: data.name,
                reason: "\(wrong.count) of \(listing.entries.count) files are wrong"
                    + (discard ? "" : "; ductus data verify --discard removes it, and fetch replaces it"))
        }
    }
}
