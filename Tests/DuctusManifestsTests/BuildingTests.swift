import DuctusManifests
import DuctusTestSupport
import Testing

/// How data sets are built of their sources.
@Suite struct BuildingTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var store: DataStore {
        var store = DataStore(directory: folder.file("store"))
        store.downloading.attempts = 1
        store.note = { _ in }
        return store
    }

    private func manifest() -> DataManifest {
        var manifest = DataManifest()
        (manifest.name, manifest.kind) = ("letters", "lines")
        return manifest
    }

    private static func zip(_ files: [(String, String)]) -> [UInt8] {
        var writer = ZipWriter()
        for (name, text) in files {
            Array(text.utf8).withUnsafeBytes { writer.add(name, [$0], isCompressed: true) }
        }
        return writer.finished()
    }

    private func archive(_ files: [(String, String)], _ unpacking: DataManifest.Unpacking) throws -> DataManifest {
        let path = try folder.write(Self.zip(files), to: "letters.zip")
        var manifest = manifest()
        var source = DataManifest.Source()
        (source.file, source.unpack) = ("letters.zip", unpacking)
        manifest.sources = [source]
        #expect(try store.importSources([path], of: manifest).isEmpty)
        return manifest
    }

    @Test func archivesAreUnpacked() throws {
        var unpacking = DataManifest.Unpacking()
        (unpacking.into, unpacking.strip, unpacking.only) = ("lines", 1, ["*.png", "*/list.tsv"])
        let manifest = try archive(
            [("a/b/1.png", "one"), ("a/2.png", "two"), ("a/list.tsv", "list"), ("a/other.txt", "other"), ("a/", "")],
            unpacking)
        let data = try store.fetch(manifest)
        #expect(File.tree(data.directory) == ["lines/2.png", "lines/b/1.png", "lines/list.tsv"])
        // The archive is not kept besides its contents.
        #expect(File.tree(folder.file("store/objects")).count == 4)
        #expect(try store.fetch(manifest).manifest == data.manifest)
    }

    @Test(arguments: ["../evil", "/evil", "a/../../evil", "a/./b", "a//b", "a\\..\\evil"])
    func pathsThatLeadOutAreRefused(path: String) throws {
        let manifest = try archive([("fine", "fine"), (path, "evil")], DataManifest.Unpacking())
        let error = #expect(throws: ArchiveError.self) { try store.fetch(manifest) }
        #expect(error?.problem.contains("leads out of the data set") == true)
        #expect(isOneSentence(error?.description ?? "", about: "letters.zip"))
        #expect(!File.exists(folder.file("store/data/letters@1")))
    }

    @Test func splitsAreWritten() throws {
        var manifest = try archive([("task/train.txt", "a01-000u-00\na01-000u-01\r\na01-003-00\n")], .init())
        manifest.splits["train"] = DataManifest.Split()
        manifest.splits["train"]?.from = "task/train.txt"
        manifest.splits["train"]?.fromLines = true
        manifest.splits["test"] = DataManifest.Split()
        manifest.splits["test"]?.ids = ["b01", "b02"]
        let data = try store.fetch(manifest)
        #expect(try File.readBytes("\(data.directory)/splits/train.txt") == Array("a01-000u\na01-003\n".utf8))
        #expect(try File.readBytes("\(data.directory)/splits/test.txt") == Array("b01\nb02\n".utf8))
    }

    @Test func aDamagedArchiveIsNoDataSet() throws {
        var bytes = Self.zip([("one", String(repeating: "one", count: 100))])
        bytes[40] ^= 0xFF
        let path = try folder.write(bytes, to: "letters.zip")
        var manifest = manifest()
        var source = DataManifest.Source()
        (source.file, source.unpack) = ("letters.zip", DataManifest.Unpacking())
        manifest.sources = [source]
        _ = try store.importSources([path], of: manifest)
        let error = #expect(throws: ArchiveError.self) { try store.fetch(manifest) }
        #expect(isOneSentence(error?.description ?? "", about: "letters.zip"))
        #expect(!File.exists(folder.file("store/data/letters@1")))
    }

    // MARK: - Terms and logins

    @Test func termsAreAccepted() throws {
        let server = try LocalServer { .file(Array("contents".utf8), $0) }
        var manifest = manifest()
        var source = DataManifest.Source()
        (source.file, source.urls) = ("lines.bin", [server.url()])
        manifest.sources = [source]
        (manifest.license.requiresAcceptance, manifest.license.terms) = (true, "Be kind.")
        let error = #expect(throws: DataStoreError.self) { try store.fetch(manifest) }
        #expect(error?.description.contains("Be kind.") == true)
        #expect(server.requests.isEmpty)
        #expect(try store.fetch(manifest, acceptsTerms: true).manifest.files?.count == 1)
    }

    @Test func whatRequiresALoginIsImported() throws {
        var manifest = manifest()
        var source = DataManifest.Source()
        (source.file, source.requiresLogin) = ("lines.bin", true)
        source.urls = ["https://example.org/lines.bin"]
        (manifest.sources, manifest.login) = ([source], "Register there.")
        let error = #expect(throws: DataStoreError.self) { try store.fetch(manifest) }
        let text = error?.description ?? ""
        #expect(text.contains("Register there."))
        #expect(text.contains("ductus data import letters lines.bin"))
        let path = try folder.write("contents", to: "lines.bin")
        #expect(try store.importSources([path], of: manifest).isEmpty)
        #expect(try store.fetch(manifest).manifest.sources[0].sha256 == "\(ContentHash("contents"))")
        // What was imported first is required from now on.
        try folder.write("others", to: "lines.bin")
        #expect(throws: DataStoreError.self) { try store.importSources([path], of: manifest) }
        let other = try folder.write("contents", to: "other.bin")
        #expect(throws: DataStoreError.self) { try store.importSources([other], of: manifest) }
    }
}
