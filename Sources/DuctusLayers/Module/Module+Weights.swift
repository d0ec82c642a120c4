extension Module {
    /// Adds every parameter to an archive, under `prefix` and its name.
    public func save(to archive: inout TensorArchive, prefix: String = "") {
        let parameters = namedParameters
        for ((name, _), value) in zip(parameters, Parameter.values(of: parameters.map(\.parameter))) {
            archive.set(prefix + name, to: value)
        }
    }

    /// Loads every parameter from an archive.
    /// - Throws: `ArchiveError` naming a parameter that is missing or has another shape; no parameter is changed then.
    public func load(from archive: TensorArchive, prefix: String = "") throws {
        let loaded = try namedParameters.map { name, parameter -> (parameter: Parameter, value: Tensor<Float>) in
            let tensor = try archive.tensor(prefix + name, as: Float.self)
            guard tensor.shape == parameter.shape else {
                throw ArchiveError(
                    archive.path,
                    "parameter \"\(name)\" has shape \(tensor.shape); this network needs \(parameter.shape).")
            }
            return (parameter, tensor)
        }
        Parameter.assign(loaded)
    }

    /// Loads what matches from an archive, such as the weights of a network with the same first layers: every parameter
    /// that the archive has in the same shape, under its name or a suffix of it, as `convolutions.0.weight` for
    /// `encoder.convolutions.0.weight`.
    ///
    /// ```swift
    /// let network = Seq2Seq(.init(classes: 80))
    /// try network.loadMatching(from: TensorArchive(contentsOf: "crnn.safetensors"))   // convolutions and LSTM
    /// ```
    /// - Returns: the names of the loaded parameters, at least one.
    /// - Throws: `ArchiveError` if nothing matches, or if what matches cannot be converted; no parameter is changed then.
    @discardableResult
    public func loadMatching(from archive: TensorArchive) throws -> [String] {
        let matches = matches(in: archive)
        guard !matches.isEmpty else {
            let wanted = namedParameters.prefix(1).map { "\"\($0.name)\" \($0.parameter.shape)" }
            let found = archive.names.prefix(3).map { "\"\($0)\" \(archive.shape(of: $0) ?? [])" }
            throw ArchiveError(
                archive.path,
                "matches no parameter of this network by name and shape; it has \(found.joined(separator: ", ")), and the "
                    + "network \(wanted.first ?? "no parameters").")
        }
        Parameter.assign(
            try matches.map { (parameter: $0.parameter, value: try archive.tensor($0.tensor, as: Float.self)) })
        return matches.map(\.name)
    }

    /// Whether ``loadMatching(from:)`` finds anything.
    package func matches(_ archive: TensorArchive) -> Bool { !matches(in: archive).isEmpty }

    /// The parameters that an archive has, and the names of their tensors there.
    private func matches(in archive: TensorArchive) -> [(name: String, parameter: Parameter, tensor: String)] {
        namedParameters.compactMap { name, parameter in
            let components = name.split(separator: ".")
            let ends = components.indices.map { components[$0...].joined(separator: ".") }
            return ends.first { archive.shape(of: $0) == parameter.shape }.map { (name, parameter, $0) }
        }
    }
}
