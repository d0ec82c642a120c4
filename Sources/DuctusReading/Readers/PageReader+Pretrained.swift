extension PageReader {
    /// The reader with the pretrained weights that come with Ductus, or those in the directory that the environment variable
    /// `DUCTUS_MODEL` names.
    /// - Throws: `ArchiveError` if the weights are missing or damaged.
    public static func pretrained() throws -> PageReader { try PageReader(directory: pretrainedDirectory()) }

    /// The directory of the pretrained weights: the resources next to the program, or the directory that `DUCTUS_MODEL` names.
    /// - Throws: `ArchiveError` if the resources are missing.
    public static func pretrainedDirectory() throws -> String {
        if let named = File.environment("DUCTUS_MODEL"), !named.isEmpty { return named }
        let program = File.programDirectory
        // The names of the resources on Linux and macOS.
        let candidates = ["resources", "bundle"].map { "\(program)/Ductus_DuctusReading.\($0)/Weights" }
        guard let found = candidates.first(where: { File.exists("\($0)/\(readerName)") }) else {
            throw ArchiveError(
                candidates[0],
                "the pretrained weights are missing; copy this directory together with the program, or set DUCTUS_MODEL to "
                    + "a directory with weights.")
        }
        return found
    }
}

extension WeightsFile {
    /// Reads the pretrained weights for a task that come with Ductus, such as `lines` or `baselines`.
    /// - Throws: `ArchiveError` if there are none.
    public static func pretrained(for task: String) throws -> WeightsFile {
        let directory = try PageReader.pretrainedDirectory()
        for name in File.names(in: directory).sorted() where name.hasSuffix(".safetensors") {
            let file = try WeightsFile("\(directory)/\(name)")
            if file.model.task == task { return file }
        }
        throw ArchiveError(directory, "has no weights for the task \(task).")
    }
}

/// The former name of ``PageReader``.
@available(*, deprecated, renamed: "PageReader")
public typealias ParagraphReader = PageReader
