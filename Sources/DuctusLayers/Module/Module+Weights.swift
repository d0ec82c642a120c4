extension Module {
    /// Adds every parameter to an archive, under `prefix` and its name.
    public func save(to archive: inout TensorArchive, prefix: String = "") {
        for (name, parameter) in namedParameters { archive.set(prefix + name, to: parameter.stored) }
    }

    /// Loads every parameter from an archive.
    /// - Throws: `ArchiveError` naming a parameter that is missing or has another shape; no parameter is changed then.
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

    /// Loads what matches from an archive, such as the weights of a network with the same first layers: every parameter
    /// that the archive has in the same shape, under its name or a suffix of it, as `convolutions.0.weight` for
    /// `encoder.convolutions.0.weight`.
    ///
    /// ```swift
    /// let network = Seq2Seq(.init(classes: 80))
    /// network.loadMatching(from: try TensorArchive(contentsOf: "crnn.safetensors"))   // convolutions and LSTM
    /// ```
    /// - Returns: the names of the loaded parameters.
    @discardableResult
    public func loadMatching(from archive: TensorArchive) -> [String] {
        namedParameters.compactMap { name, parameter in
            let components = name.split(separator: ".")
            for start in components.indices {
                let end = components[start...].joined(separator: ".")
                if let tensor = try? archive.tensor(end, as: Float.self), tensor.shape == parameter.shape {
                    parameter.stored = tensor
                    return name
                }
            }
            return nil
        }
    }
}
