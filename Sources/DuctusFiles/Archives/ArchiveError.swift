/// An archive that is malformed, or lacks what was asked for.
public struct ArchiveError: Error, CustomStringConvertible, Sendable, Equatable {
    /// The file.
    public let path: String
    /// What is wrong and what to do about it, as a clause: "is truncated: …".
    public let problem: String

    package init(_ path: String, _ problem: String) {
        self.path = path
        self.problem = problem
    }

    public var description: String { "\(path): \(problem)" }
}
