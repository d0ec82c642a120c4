import DuctusData
import DuctusSynthesis

/// The fonts of Tests/Fixtures/fonts; see the script there.
enum TestFont {
    static func path(_ name: String) -> String {
        let directory = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        return "/\(directory)/Fixtures/fonts/\(name).ttf"
    }

    /// Letters stand apart.
    static func tally() throws -> Font { try Font(contentsOf: path("tally")) }
    /// Letters touch.
    static func joined() throws -> Font { try Font(contentsOf: path("joined")) }

    static let text = "the pen moves over the page and the ink dries slowly; nobody counts the lines of a book"
}

extension Image {
    /// The share of the pixels that are nearer to black than to white.
    var inkShare: Double { Double(pixels.count { $0 < 128 }) / Double(pixels.count) }
}
