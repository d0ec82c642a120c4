import DuctusServing
import DuctusTestSupport
import Testing

/// Where settings come from.
@Suite struct SettingsTests {
    @Test func flagsOverrideTheEnvironmentAndThatTheFile() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "{\"port\": 1, \"queue\": 2, \"deadline\": 3, \"formats\": [\"png\", \"pdf\"]}", to: "a.json")
        let variables = ["DUCTUS_SERVER_PORT": "10", "DUCTUS_SERVER_QUEUE": "20", "DUCTUS_SERVER_MAX_BYTES": "4096"]
        let settings = try ServerSettings([
            ServerSettings.file(path), ServerSettings.environment { variables[$0] },
            .init(["port": "100"]) { "--\($0)" },
        ])
        #expect(settings.port == 100)
        #expect(settings.queue == 20)
        #expect(settings.deadline == 3)
        #expect(settings.maximumBytes == 4096)
        #expect(settings.formats == ["pdf", "png"])
        let lines = settings.summary.split(separator: "\n")
        #expect(lines.contains("port = 100 (--port)"))
        #expect(lines.contains("queue = 20 (DUCTUS_SERVER_QUEUE)"))
        #expect(lines.contains("deadline = 3 (\(path), \"deadline\")"))
        #expect(lines.contains("host = 127.0.0.1 (default)"))
    }

    @Test(arguments: [
        ("port", "65536"), ("port", "http"), ("queue", "0"), ("formats", "png,gif"), ("formats", ""), ("log", "loud"),
        ("threads", "0"), ("host", ""), ("max-bytes", "-1"),
        ("image-hosts", "http://example.org"), ("image-hosts", "a b"),
    ])
    func invalidValuesNameTheirOrigin(name: String, value: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try ServerSettings([.init([name: value]) { "--\($0)" }])
        }
        #expect(error?.description.contains("--\(name)") == true)
    }

    @Test func unknownKeysAreErrors() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("{\"prot\": 1}", to: "a.json")
        let error = #expect(throws: ConfigurationError.self) { try ServerSettings([ServerSettings.file(path)]) }
        #expect(error?.description.contains("port") == true)
        let broken = try folder.write("{", to: "b.json")
        #expect(throws: ConfigurationError.self) { try ServerSettings.file(broken) }
        #expect(throws: FileError.self) { try ServerSettings.file(folder.file("c.json")) }
    }
}
