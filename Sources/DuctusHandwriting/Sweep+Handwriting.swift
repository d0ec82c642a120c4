extension Sweep {
    /// Reads a sweep and its experiment, and checks the configurations of all trials.
    /// - Throws: `FileError`, or `ConfigurationError` naming file and key.
    public init(contentsOf path: String) throws { try self.init(contentsOf: path, components: .registered) }
}
