/// Weights that come with Ductus. Where a path to weights is expected, such as by `ductus read --model`, their names stand for
/// their directories.
public enum PretrainedWeights: String, Sendable, CaseIterable {
    /// The most accurate ones, for non-commercial research: IAM's terms apply.
    case research = "pretrained"
    /// Those for any use: trained on freely licensed handwriting, fonts and texts only.
    case open

    /// The directory of these weights, beside the program. The environment variable `DUCTUS_MODEL` names another for
    /// ``research``.
    /// - Throws: `ArchiveError` if the weights are missing.
    public func directory() throws -> String {
        if self == .research, let named = File.environment("DUCTUS_MODEL"), !named.isEmpty, named != rawValue {
            return try Self.path(named)
        }
        let program = File.programDirectory
        // The names of the resources on Linux and macOS.
        let places = ["resources", "bundle"].map { "\(program)/Ductus_DuctusReading.\($0)/Weights" }
        let candidates = self == .open ? places.map { "\($0)/open" } : places
        guard let found = candidates.first(where: { File.exists("\($0)/\(PageReader.readerName)") }) else {
            throw ArchiveError(
                candidates[0],
                "the pretrained weights are missing; copy this directory together with the program"
                    + (self == .research ? ", or set DUCTUS_MODEL to a directory with weights." : "."))
        }
        return found
    }

    /// The path that a name or path of weights stands for. A file or directory that is called like pretrained weights is
    /// reached by `./open`.
    /// - Throws: `ArchiveError` if the named weights are missing.
    public static func path(_ name: String) throws -> String { try Self(rawValue: name)?.directory() ?? name }

    /// The path of weights for one purpose: of the file with the given name if the weights are a directory of several.
    /// - Throws: `ArchiveError` if the named weights are missing, or have no such file.
    package static func path(_ name: String, file: String) throws -> String {
        guard let named = Self(rawValue: name) else { return name }
        let path = try "\(named.directory())/\(file)"
        guard named == .research || File.exists(path) else {
            throw ArchiveError(path, "does not exist; the weights “\(name)” are for lines and pages.")
        }
        return path
    }

    /// The directory with the network that a weights file goes with: its own if that has a detector and a reader, or else that of
    /// ``research``.
    package static func directory(besides file: String) throws -> String {
        let own = File.directory(of: file)
        let isPair = [PageReader.readerName, PageReader.detectorName].allSatisfy { File.exists("\(own)/\($0)") }
        return isPair ? own : try research.directory()
    }
}

extension PageReader {
    /// The reader with pretrained weights.
    /// - Throws: `ArchiveError` if the weights are missing or damaged.
    public static func pretrained(_ weights: PretrainedWeights = .research) throws -> PageReader {
        try PageReader(directory: weights.directory())
    }
}

extension WeightsFile {
    /// Reads pretrained weights for a task, such as `lines` or `baselines`.
    /// - Throws: `ArchiveError` if there are none.
    public static func pretrained(_ weights: PretrainedWeights = .research, for task: String) throws -> WeightsFile {
        let directory = try weights.directory()
        for name in File.names(in: directory).sorted() where name.hasSuffix(".safetensors") {
            let file = try WeightsFile("\(directory)/\(name)")
            if file.model.task == task { return file }
        }
        throw ArchiveError(directory, "has no weights for the task \(task).")
    }
}

extension PageReader {
    /// The directory of the pretrained weights.
    @available(*, deprecated, renamed: "PretrainedWeights.directory")
    public static func pretrainedDirectory() throws -> String { try PretrainedWeights.research.directory() }
}

/// The former name of ``PageReader``.
@available(*, deprecated, renamed: "PageReader")
public typealias ParagraphReader = PageReader
