/// A configuration that is not understood. Names the file and the key.
public struct ConfigurationError: Error, CustomStringConvertible, Sendable, Equatable {
    /// One sentence: the file, the key, what is wrong with it and what is possible.
    public let description: String

    /// - Parameters:
    ///   - file: the file, or what else the configuration came from.
    ///   - problem: what is wrong, as a clause: `key "epochs" is 0; it must be 1 to 100`.
    public init(_ file: String, _ problem: String) { description = "\(file): \(problem)." }
}
