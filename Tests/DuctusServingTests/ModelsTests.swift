import DuctusServing
import DuctusTestSupport
import Testing

/// The version of weights.
@Suite struct ModelsTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func add(_ names: String...) throws {
        for name in names {
            try File.symbolicLink(
                to: Goldens.path("../../Sources/DuctusReading/Weights/\(name)"), at: folder.file(name))
        }
    }

    @Test func theVersionIsThatOfAllThatIsRead() throws {
        try add(PageReader.readerName, PageReader.detectorName)
        let version = try Models(folder.path).version
        // It is there for a directory without a detector of baselines.
        try add(LineDetector.fileName)
        #expect(try Models(folder.path).version == version)
        try add("french.lm")
        #expect(try Models(folder.path).version != version)
        #expect(try Models(folder.path, language: "none").version == version)
    }
}
