import DuctusManifests
import DuctusTestSupport
import Testing

@Suite struct DataStoreTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var store: DataStore {
        var store = DataStore(directory: folder.file("store"))
        store.downloading.attempts = 1
        store.note = { _ in }
        return store
    }

    /// Writes lines with the texts as pictures, too: split, image, text.
    private func write(_ lines: [(split: String, image: String, text: String)], to name: String) throws {
        for line in lines {
            let width = 10 + line.text.utf8.count
            let image = Image(width: width, height: 20, channels: 1, filledWith: line.text.utf8.first ?? 0)
            try folder.write([], to: "\(name)/lines/.keep")
            try image.writePNG(to: folder.file("\(name)/lines/\(line.image)"))
        }
        try folder.write(
            lines.map { "\($0.split)\tpage\t\($0.image)\t\($0.text)\n" }.joined(), to: "\(name)/lines.tsv")
    }

    private static let lines: [(split: String, image: String, text: String)] = [
        ("train", "a.png", "alpha"), ("train", "b.png", "beta"), ("test", "c.png", "gamma"),
    ]

    private func manifest(_ version: String = "1") -> DataManifest {
        var manifest = DataManifest()
        (manifest.name, manifest.version, manifest.kind) = ("letters", version, "lines")
        return manifest
    }

    // MARK: - Importing

    @Test func aDirectoryIsImported() throws {
        try write(Self.lines, to: "data")
        let data = try store.importDirectory(folder.file("data"), as: manifest())
        #expect(data.directory == folder.file("store/data/letters@1"))
        #expect(data.manifest.files?.count == 4)
        #expect(data.manifest.splits["train"]?.samples == 2)
        #expect(try store.manifest("letters@1") == data.manifest)
        #expect(try store.manifest("letters") == data.manifest)
        #expect(try DataSamples(kind: "lines", directory: folder.file("store/data/letters")).count == 3)
        let listing = try #require(try store.listing(of: data.manifest))
        #expect(try DataStore.wrongFiles(in: data.directory, of: listing).isEmpty)
    }

    @Test func theManifestHashIsThatOfTheContents() throws {
        try write(Self.lines, to: "data")
        let hash = try store.importDirectory(folder.file("data"), as: manifest()).manifest.hash
        try write(Self.lines, to: "elsewhere")
        let other = DataStore(directory: folder.file("other"))
        #expect(try other.importDirectory(folder.file("elsewhere"), as: manifest()).manifest.hash == hash)
        try write(Self.lines.map { ($0.split, $0.image, $0.text.uppercased()) }, to: "changed")
        #expect(try store.importDirectory(folder.file("changed"), as: manifest("2")).manifest.hash != hash)
    }

    @Test func aDirectorySaysWhichVersionItIs() throws {
        try write(Self.lines, to: "data")
        let data = try store.importDirectory(folder.file("data"), as: manifest())
        let version = try DataSetVersion(name: "letters", version: "1", manifest: "\(data.manifest.hash)")
        #expect(DataSetVersion(of: data.directory) == version)
        try store.link(data, to: folder.file("linked"))
        #expect(DataSetVersion(of: folder.file("linked")) == version)
        // A manifest that is read again has the same hash.
        #expect(try store.manifest("letters@1").hash == data.manifest.hash)
        #expect(DataSetVersion(of: folder.file("data")) == nil)
    }

    @Test func aVersionDoesNotChange() throws {
        try write(Self.lines, to: "data")
        _ = try store.importDirectory(folder.file("data"), as: manifest())
        _ = try store.importDirectory(folder.file("data"), as: manifest())
        try write(Array(Self.lines.dropLast()), to: "data")
        let error = #expect(throws: DataStoreError.self) {
            try store.importDirectory(folder.file("data"), as: manifest())
        }
        #expect(isOneSentence(error?.description ?? "", about: "letters@1"), "\(String(describing: error))")
        // The version that is there is whole.
        #expect(try store.located("letters@1").samples().count == 3)
    }

    @Test func versionsShareTheirFiles() throws {
        try write(Self.lines, to: "data")
        _ = try store.importDirectory(folder.file("data"), as: manifest())
        let before = File.tree(folder.file("store/objects")).count
        try write(Self.lines + [("test", "d.png", "delta")], to: "data")
        _ = try store.importDirectory(folder.file("data"), as: manifest("2"))
        // The new picture, the table, and the listing.
        #expect(File.tree(folder.file("store/objects")).count == before + 3)
        #expect(try store.manifest("letters").version == "2")
    }

    @Test func anythingElseIsNoDataSet() throws {
        try folder.write("text", to: "data/file.txt")
        #expect(throws: ConfigurationError.self) { try store.located(folder.file("data")) }
        #expect(throws: DatasetError.self) { try store.importDirectory(folder.file("data"), as: manifest()) }
        #expect(try store.manifests.map(\.name) == DataManifest.shipped.keys.sorted())
    }

    // MARK: - Verification

    @Test func everyWrongFileIsNamed() throws {
        try write(Self.lines, to: "data")
        let data = try store.importDirectory(folder.file("data"), as: manifest())
        let listing = try #require(try store.listing(of: data.manifest))
        try File.remove("\(data.directory)/lines/a.png")
        try File.remove("\(data.directory)/lines/b.png")
        try File.write([1], to: "\(data.directory)/lines/b.png")
        try File.write([1], to: "\(data.directory)/lines/z.png")
        let wrong = try DataStore.wrongFiles(in: data.directory, of: listing)
        #expect(wrong.map(\.description) == ["lines/a.png: missing", "lines/b.png: changed", "lines/z.png: added"])
    }

    @Test func whatWasDiscardedIsFetchedAgain() throws {
        let server = try LocalServer { .file(Array("contents".utf8), $0) }
        var manifest = manifest()
        var source = DataManifest.Source()
        (source.file, source.urls) = ("lines.bin", [server.url()])
        manifest.sources = [source]
        let data = try store.fetch(manifest)
        try File.remove("\(data.directory)/lines.bin")
        try File.write(Array("CONTENTS".utf8), to: "\(data.directory)/lines.bin")
        try store.discard(data.manifest)
        #expect(!File.exists(data.directory))
        _ = try store.fetch(manifest)
        // The file of the store had not been changed, only its copy.
        #expect(try File.readBytes("\(data.directory)/lines.bin") == Array("contents".utf8))
        #expect(server.requests.count == 1)
    }

    @Test func aDamagedFileOfTheStoreIsFetchedAgain() throws {
        let server = try LocalServer { .file(Array("contents".utf8), $0) }
        var manifest = manifest()
        var source = DataManifest.Source()
        (source.file, source.urls) = ("lines.bin", [server.url()])
        manifest.sources = [source]
        let data = try store.fetch(manifest)
        let object = folder.file(
            "store/objects/\(File.tree(folder.file("store/objects")).first { $0.hasPrefix("d1/b2a59") } ?? "")")
        #expect(File.exists(object))
        try File.remove(object)
        try File.write(Array("CONTENTS".utf8), to: object)
        try store.discard(data.manifest)
        _ = try store.fetch(manifest)
        #expect(try File.readBytes("\(data.directory)/lines.bin") == Array("contents".utf8))
        #expect(server.requests.count == 2)
    }

    // MARK: - Comparison

    @Test func versionsAreComparedBySample() throws {
        try write(Self.lines, to: "one")
        try write([("train", "b.png", "beta"), ("test", "c.png", "gamut"), ("test", "d.png", "delta")], to: "two")
        try write([("train", "a.png", "bravo"), ("train", "b.png", "beta"), ("train", "c.png", "gamma")], to: "three")
        func samples(_ name: String) throws -> DataSamples { try store.located(folder.file(name)).samples() }
        let first = try DataDifference(from: samples("one"), to: samples("two"))
        #expect(first.removed == ["lines/a.png"])
        #expect(first.added == ["lines/d.png"])
        #expect(first.changedTexts.map(\.new) == ["gamut"])
        #expect(first.changedPictures.isEmpty)
        #expect(first.same == 1)
        let second = try DataDifference(from: samples("one"), to: samples("three"))
        #expect(second.changedPictures == ["lines/a.png"])
        #expect(second.moved.map(\.name) == ["lines/c.png"])
        #expect(second.same == 1)
        #expect(try DataDifference(from: samples("one"), to: samples("one")).isEmpty)
    }

    @Test func samplesAreCounted() throws {
        try write(Self.lines, to: "data")
        let samples = try store.located(folder.file("data")).samples()
        let summary = DataSummary(samples, alphabet: Alphabet("abeglmtz"))
        #expect(summary.splits.map(\.name) == ["test", "train"])
        #expect(summary.splits[1].characters == 9)
        #expect(summary.splits[1].lengths.map(\.samples) == [0, 0, 0, 1, 1])
        #expect(summary.characters.first?.count == 5)
        #expect(summary.unknownCharacters.map(\.character) == ["h", "p"])
        #expect(summary.samplesWithUnknownCharacters == 1)
        #expect(summary.absentCharacters == "z")
        #expect(try samples.sheet().width > 30)
    }

    // MARK: - DVC

    /// The same files were added with `dvc add` of DVC 3.67.1, which gave this hash.
    @Test func dataAreExportedAsDVCDoes() throws {
        try folder.write("a\n", to: "letters/lines.tsv")
        try folder.write("bb", to: "letters/lines/é \"x\".png")
        try folder.write("", to: "letters/lines/e")
        let paths = File.tree(folder.file("letters"))
        #expect(throws: ConfigurationError.self) {
            try DVCExport(folder.file("letters"), paths: paths, name: "letters", to: folder.file("repository"))
        }
        try File.createDirectory(folder.file("repository/.dvc"))
        let export = try DVCExport(folder.file("letters"), paths: paths, name: "letters", to: folder.file("repository"))
        #expect(export.count == 3)
        let text = """
            outs:
            - md5: 3e25702f8e588015e0b5224556f72f22.dir
              size: 4
              nfiles: 3
              hash: md5
              path: letters

            """
        #expect(try File.readBytes(export.path) == Array(text.utf8))
        #expect(
            File.tree(folder.file("repository/.dvc/cache/files/md5")) == [
                "21/ad0bd836b90d08f4cf640b4c298e7c", "3e/25702f8e588015e0b5224556f72f22.dir",
                "60/b725f10c9c85c70d97880dfe8191b3", "d4/1d8cd98f00b204e9800998ecf8427e",
            ])
    }
}
