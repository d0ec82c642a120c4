import Ductus

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The page in `Examples/SamplePage`, rendered with a handwriting font.
public enum SamplePage {
    private static let path = "Examples/SamplePage/sample"

    /// The page and its text. Labs must run in the directory of the package.
    public static func read() throws -> (image: Image, text: String) {
        let lines = try String(contentsOfFile: "\(path).txt", encoding: .utf8).split(separator: "\n")
        return (try Image(contentsOf: "\(path).png"), lines.joined(separator: "\n"))
    }
}
