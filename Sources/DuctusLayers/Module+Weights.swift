extension Module {
    /// Adds every parameter to an archive, under its name with `prefix` before it.
    public func save(to archive: inout TensorArchive, prefix: String = "") {
        for (name, parameter) in namedParameters { archive.set(prefix + name, to: parameter.stored) }
    }

    /// Takes every parameter from an archive.
    /// - Throws: `ArchiveError` that names the parameter which is missing or has another shape; nothing is changed then.
    public func load(from archive: TensorArchive, prefix: String = "") throws {
        let loaded = try namedParameters.map { name, parameter in
            let tensor = try archive.tensor(prefix + name, as: Float.self)
            guard tensor.shape == parameter.shape else {
                throw ArchiveError(
                    archive.path,
                    "parameter \"\(name)\" has shape \(tensor.shape); this network needs \(parameter.shape).")
            }
            return (parameter, tensor)
        }
        for (parameter, tensor) in loaded { parameter.stored = tensor }
    }
}
