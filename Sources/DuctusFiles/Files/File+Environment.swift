extension File {
    /// A path, its leading environment variable replaced: `$DUCTUS_DATA/iam`.
    /// - Throws: `ConfigurationError` about `file` if there is no such variable.
    package static func expanded(_ path: String, file: String) throws(ConfigurationError) -> String {
        guard path.hasPrefix("$") else { return path }
        let name = path.dropFirst().prefix { $0 != "/" }
        guard let value = environment(String(name)), !value.isEmpty else {
            throw ConfigurationError(
                file, "the data are in \(path), but the environment variable \(name) is not set")
        }
        return value + path.dropFirst(name.count + 1)
    }
}
