

extension PageReader {
    /// The reader whose weights come with the package.
    ///
    /// The environment variable `DUCTUS_MODEL` names another directory with both weights files.
    /// - Throws: `ArchiveError` if the weights are not there or damaged.
    public static func pretrained() throws -> PageReader { try PageReader(directory: pretrainedDirectory()) }

    /// Where the weights that come with the package are: the resources beside the program.
    public static func pretrainedDirectory() throws -> String {
        if let named = File.environment("DUCTUS_MODEL"), !named.isEmpty { return named }
        let program = File.programDirectory
        // What the package manager calls the resources on Linux and on macOS.
        let candidates = ["resources", "bundle"].map { "\(program)/Ductus_DuctusReading.\($0)/Weights" }
        guard let found = candidates.first(where: { File.exists("\($0)/\(readerName)") }) else {
            throw ArchiveError(
                candidates[0],
                "the weights that come with Ductus are missing; copy that folder along with the program, or name one "
                    + "in DUCTUS_MODEL.")
        }
        return found
    }
}

@available(*, deprecated, renamed: "PageReader")
public typealias ParagraphReader = PageReader
