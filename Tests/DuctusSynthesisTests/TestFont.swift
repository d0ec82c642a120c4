import DuctusData
import DuctusSynthesis

/// The fonts in Tests/Fixtures/fonts; see the script there.
enum TestFont {
    static func path(_ name: String) -> String {
        let directory = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        return "/\(directory)/Fixtures/fonts/\(name).ttf"
    }

    /// A font with separate letters.
    static func tally() throws -> Font { try Font(contentsOf: path("tally")) }
    /// A font with touching letters.
    static func joined() throws -> Font { try Font(contentsOf: path("joined")) }

    static let text = "the pen moves over the page and the ink dries slowly; nobody counts the lines of a book"
}

extension Image {
    /// The fraction of pixels that are closer to black than to white.
    var inkShare: Double { Double(pixels.count { $0 < 128 }) / Double(pixels.count) }
}
