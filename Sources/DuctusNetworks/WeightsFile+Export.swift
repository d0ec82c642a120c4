extension WeightsFile {
    /// Writes weights as a file of their own. Several become one network with the mean of their parameters, which often reads
    /// better than each (Wortsman et al., "Model soups", 2022) where they started training from the same weights.
    ///
    /// ```swift
    /// try WeightsFile.export(["runs/lines-a", "runs/lines-b"], storedAs: .float16, to: "line-reader.safetensors")
    /// ```
    ///
    /// - Parameters:
    ///   - sources: weights files or runs, of one network with one recipe.
    ///   - type: how the numbers are stored: `float32`, or `float16` or `bfloat16` for half the size.
    ///   - path: the file, which is replaced atomically if it exists. It has the validation results of a single source; the mean
    ///     of several has not been evaluated, and has none.
    /// - Throws: `FileError`, `ArchiveError` or `ConfigurationError` naming the file.
    public static func export(_ sources: [String], storedAs type: ElementType = .float32, to path: String) throws {
        precondition(!sources.isEmpty, "WeightsFile.export needs at least one source.")
        let files = try sources.map { try WeightsFile($0) }
        let first = files[0]
        if let other = files.first(where: { $0.model != first.model }) {
            throw ArchiveError(
                other.path,
                "differs from \(first.path) in its network or recipe; only weights of the same model have a mean.")
        }
        var archive = TensorArchive()
        archive.metadata = metadata(of: first.model)
        if files.count == 1 {
            archive.metadata["metrics"] = try JSONText(encoding: first.metrics).text
            archive.metadata["epoch"] = first.epoch.map(String.init)
        }
        let parameters = files.map { $0.network.namedParameters }
        for (index, (name, _)) in parameters[0].enumerated() {
            let values = parameters.map { $0[index].parameter.value }
            let sum = values.dropFirst().reduce(values[0]) { $0 + $1 }
            archive.set(name, to: values.count == 1 ? sum : sum / Float(values.count))
        }
        if type != .float32 { archive = try archive.rounded(to: type) }
        try archive.write(to: path)
    }
}
