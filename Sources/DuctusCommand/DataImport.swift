import ArgumentParser
import Ductus
import DuctusManifests

extension DataCommand {
    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Imports a directory as a data set, or downloaded files as the sources of one.",
            discussion: """
                ductus data import DIR --name letters --version 2 copies a directory into the store and prints the directory \
                of the data set. A version never changes: what has changed is another version.

                ductus data import iam ascii.tgz lines.tgz … imports files that the publisher gives to registered users only; \
                ductus data fetch iam then builds the data set.
                """)

        @Argument(help: ArgumentHelp("A directory, or a data set and files.", valueName: "dir|name"))
        var source: String

        @Argument(help: ArgumentHelp("Files of the data set, with their original names.", valueName: "file"))
        var files: [String] = []

        @Option(help: ArgumentHelp("The name of the data set (default: that of the directory).", valueName: "name"))
        var name: String?

        @Option(help: ArgumentHelp("The version.", valueName: "version"))
        var version = "1"

        @Option(help: ArgumentHelp("The title.", valueName: "text"))
        var title = ""

        @Option(help: ArgumentHelp("The license.", valueName: "name"))
        var license = ""

        @OptionGroup var kindOptions: KindOptions
        @OptionGroup var options: StoreOptions

        func run() throws {
            let store = options.dataStore
            guard files.isEmpty else {
                let manifest = try store.manifest(source)
                let missing = try store.importSources(files, of: manifest)
                return report(
                    missing.isEmpty
                        ? "All sources of \(manifest.reference) are there; build it with ductus data fetch \(source)."
                        : "Still missing: \(missing.joined(separator: ", ")).")
            }
            guard File.isDirectory(source) else {
                throw FileError(
                    file: source, reason: .system("this is no directory; for a data set, name the files to import, too")
                )
            }
            let data = try store.located(source, kind: kindOptions.choice)
            var manifest = DataManifest()
            manifest.name = name ?? File.name(of: data.directory)
            (manifest.version, manifest.title, manifest.kind) = (version, title, data.kind)
            manifest.license.name = license
            let imported = try store.importDirectory(data.directory, as: manifest)
            report(
                "Imported \(imported.manifest.reference): \(imported.manifest.files?.count ?? 0) files, "
                    + "manifest \(try imported.manifest.hash).")
            try printResult(imported.directory + "\n")
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Exports a data set into a repository of DVC, for dvc checkout and dvc push.")

        @Argument(help: "A data set, or a directory.")
        var name: String

        @Flag(help: "Exports in the format of DVC 3, which is the only one.")
        var dvc = false

        @Option(help: ArgumentHelp("The root of the repository.", valueName: "dir"))
        var output = "."

        @Option(help: ArgumentHelp("The name of the directory in the repository.", valueName: "name"))
        var directoryName: String?

        @OptionGroup var options: StoreOptions

        func validate() throws {
            if !dvc { throw ValidationError("Say --dvc, the format to export in.") }
        }

        func run() throws {
            let path = name.count > 1 && name.hasSuffix("/") ? String(name.dropLast()) : name
            let store = options.dataStore
            var (directory, label) = (path, File.name(of: path))
            if !File.isDirectory(path) {
                let data = try store.located(name)
                (directory, label) = (data.directory, data.manifest?.name ?? label)
            }
            let paths = File.tree(directory)
            guard !paths.isEmpty else { throw FileError(file: path, reason: .system("there are no files in it")) }
            let export = try DVCExport(directory, paths: paths, name: directoryName ?? label, to: output)
            report(
                "Exported \(export.count) files, \(File.shown(bytes: export.bytes)); restore them with dvc checkout.")
            try printResult(export.path + "\n")
        }
    }
}
