extension File {
    /// A path with its leading environment variable expanded: `$DUCTUS_DATA/iam`.
    /// - Throws: `ConfigurationError` about `file` if the variable is not set.
    package static func expanded(_ path: String, file: String) throws(ConfigurationError) -> String {
        guard path.hasPrefix("$") else { return path }
        let name = path.dropFirst().prefix { $0 != "/" }
        guard let value = environment(String(name)), !value.isEmpty else {
            throw ConfigurationError(
                file, "the path \(path) needs the environment variable \(name), which is not set")
        }
        return value + path.dropFirst(name.count + 1)
    }
}
