/// An invalid configuration.
public struct ConfigurationError: Error, CustomStringConvertible, Sendable, Equatable {
    /// One sentence with the file, the key, what is wrong and what would be valid.
    public let description: String

    /// An error about a file.
    ///
    /// - Parameters:
    ///   - file: the file, or another source of the configuration.
    ///   - problem: what is wrong, as a clause: `key "epochs" is 0; it must be 1 to 100`.
    public init(_ file: String, _ problem: String) { description = "\(file): \(problem)." }
}
