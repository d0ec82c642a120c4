import DuctusManifests
import DuctusTestSupport
import Testing

@Suite struct DataManifestTests {
    private static func manifest(_ yaml: String) throws -> DataManifest {
        try DataManifest(yaml: Array(yaml.utf8), file: "a.yaml")
    }

    private static let valid = """
        name: letters
        version: 2
        license: {name: CC BY 4.0}
        kind: lines
        sources:
          - file: letters.tar.gz
            urls: [https://example.org/letters.tar.gz]
            bytes: 81273
            unpack: {strip: 1, only: ["*.png", lines.tsv]}
        splits: {train: {samples: 700}, test: {ids: [a, b]}}
        """

    @Test func aManifestIsRead() throws {
        let manifest = try Self.manifest(Self.valid)
        #expect(manifest.reference == "letters@2")
        #expect(manifest.license.name == "CC BY 4.0")
        #expect(manifest.kind == "lines")
        #expect(manifest.sources[0].unpack?.strip == 1)
        #expect(manifest.sources[0].unpack?.only == ["*.png", "lines.tsv"])
        #expect(manifest.splits["test"]?.ids == ["a", "b"])
    }

    @Test func whatIsWrittenReadsBackTheSame() throws {
        var manifest = try Self.manifest(Self.valid)
        manifest.title = "Été: “quoted”, 100 %"
        manifest.version = "1.10"
        manifest.sources[0].sha256 = String(repeating: "1", count: 64)
        manifest.license.terms = "One line.\nAnother: line."
        manifest.splits["train"]?.ids = ["007", "1e5", "no", "2026-01-31", "~"]
        let yaml = try manifest.yaml
        #expect(try Self.manifest(yaml) == manifest, "\(yaml)")
        #expect(try Self.manifest(yaml).hash == manifest.hash)
    }

    @Test func theHashIsThatOfTheMeaning() throws {
        let hash = try Self.manifest(Self.valid).hash
        #expect(try Self.manifest("# A comment.\n\(Self.valid)\n").hash == hash)
        #expect(try Self.manifest(Self.valid.replacing("81273", with: "81274")).hash != hash)
    }

    @Test(arguments: [
        ("kind: lines", "kinds: lines", "key \"kinds\" is not known (did you mean \"kind\"?)"),
        ("bytes: 81273", "byte: 1", "key \"sources[0].byte\" is not known (did you mean \"bytes\"?)"),
        ("strip: 1", "strips: 1", "key \"sources[0].unpack.strips\" is not known"),
        ("name: letters", "name: ../letters", "key \"name\" is \"../letters\""),
        ("name: letters", "name: [a]", "key \"name\" has a value of the wrong kind"),
        ("file: letters.tar.gz", "file: a/b", "key \"sources[0].file\" is \"a/b\""),
        ("https://example", "ftp://example", "key \"sources[0].urls\" has \"ftp://"),
        ("bytes: 81273", "sha256: abc", "key \"sources[0].sha256\" is \"abc\""),
        ("strip: 1", "into: ../x", "key \"sources[0].unpack.into\" is \"../x\""),
        ("bytes: 81273", "path: a/../../b", "key \"sources[0].path\" is \"a/../../b\""),
        ("samples: 700", "sample: 700", "key \"splits.train.sample\" is not known"),
        ("version: 2", "version: 2\nversion: 3", "occurs twice"),
        ("version: 2", "version: [2", "is not YAML"),
        ("name: letters", "- name", "is not YAML"),
    ])
    func mistakesAreNamed(part: String, replacement: String, message: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.manifest(Self.valid.replacing(part, with: replacement))
        }
        let text = error?.description ?? ""
        #expect(text.contains(message), "\(text)")
        #expect(isOneSentence(text, about: "a.yaml"), "\(text)")
    }

    @Test func theManifestsThatShipAreValid() throws {
        #expect(DataManifest.shipped.keys.sorted() == ["emnist", "iam", "mnist"])
        for manifest in DataManifest.shipped.values {
            #expect(Registries.dataKinds.names.contains(manifest.kind.name))
            #expect(manifest.sources.allSatisfy { !$0.urls.isEmpty })
        }
    }
}
