/// The networks that a service reads with, in one version.
public struct Models: Sendable {
    /// Reads pages.
    let pages: any PageRecognizer
    /// Reads lines; nil if the page recognizer has no reader of lines.
    let lines: LineReader?
    /// Classifies characters; nil without weights for them.
    let characters: CharacterPredictor?
    /// The first digits of the hash of all weights and language models.
    package var version: String { hash.value }
    /// It takes longer than to read them, so nobody waits for it before the first answer.
    private let hash: Deferred<String>
    /// The file with the metrics of a service that read with these weights, if there is one beside them.
    var reference: String?

    private static let charactersName = "characters.safetensors"

    /// Reads weights.
    ///
    /// - Parameters:
    ///   - path: a directory with a detector and a reader, a weights file, a run, or the name of pretrained weights; nil for
    ///     the most accurate ones.
    ///   - language: the language model: a language, none, or a file; nil for those beside the weights.
    /// - Throws: an error that names the file.
    public init(_ path: String? = nil, language: String? = nil) throws {
        let directory = try PretrainedWeights.path(path ?? "pretrained")
        var pages = try pageRecognizer(directory)
        if let language { try pages.use(language: language) }
        self.pages = pages
        lines = (pages as? PageReader)?.reader

        let own = "\(directory)/\(Self.charactersName)"
        let shipped = try? "\(PretrainedWeights.research.directory())/\(Self.charactersName)"
        let characters = File.exists(own) ? own : shipped.flatMap { File.exists($0) ? $0 : nil }
        self.characters = try characters.map { try CharacterPredictor($0) }

        let reference = "\(directory)/\(MetricsReference.fileName)"
        self.reference = File.exists(reference) ? reference : nil

        let files = try Self.networks(directory) + pages.languageModels.map(\.path) + (characters.map { [$0] } ?? [])
        hash = Deferred {
            // A file that has just been read, and is gone, makes another version.
            let hashes = files.map { (try? ContentHash(contentsOf: $0)) ?? ContentHash($0) }
            return String(ContentHash(combining: hashes).description.prefix(12))
        }
    }

    /// The files that `pageRecognizer(_:)` reads: a reader and a detector in a directory, or a network of its own with the
    /// pretrained one that it goes with.
    private static func networks(_ path: String) throws -> [String] {
        func pair(in directory: String) -> (reader: String, detector: String) {
            let detectors = [PageReader.detectorName, LineDetector.fileName].map { "\(directory)/\($0)" }
            return ("\(directory)/\(PageReader.readerName)", detectors.first(where: File.exists) ?? detectors[0])
        }
        let own = pair(in: path)
        if File.exists(own.reader) { return [own.reader, own.detector] }
        let file = try WeightsFile(path)
        switch file.model.task {
        case LineReader.task:
            return [file.path, try pair(in: PretrainedWeights.directory(besides: file.path)).detector]
        case LineDetector.task, BaselineDetector.task:
            return [try pair(in: PretrainedWeights.directory(besides: file.path)).reader, file.path]
        default: return [file.path]
        }
    }

    /// Models that exist already, such as small ones of a test.
    package init(
        pages: any PageRecognizer, lines: LineReader? = nil, characters: CharacterPredictor? = nil, version: String
    ) {
        (self.pages, self.lines, self.characters) = (pages, lines, characters)
        hash = Deferred { version }
    }

    /// The languages that can be asked for.
    var languages: [String] { pages.languageModels.map(\.language) }

    /// A page recognizer for a language; nil stands for all languages together.
    /// - Throws: ``Problem`` for a language without a model.
    func pages(in language: String?) throws -> any PageRecognizer {
        guard let language else { return pages }
        guard language == "none" || languages.contains(language) else {
            throw Problem.malformed(
                "There is no language model for \"\(language)\"; choose \((languages + ["none"]).joined(separator: ", "))."
            )
        }
        var pages = pages
        try pages.use(language: language)
        return pages
    }

    /// Reads a small image, so that the first request does not wait for memory and packed weights.
    func warmUp() {
        var image = Image(width: 400, height: 120, filledWith: 255)
        for x in 40..<360 { for y in 55..<60 { image[x, y] = 0 } }
        _ = pages.read(image)
        _ = lines?.predict(image)
        _ = characters?.predict(Tensor<Float>.zeros([CharacterPredictor.side, CharacterPredictor.side, 1]))
    }
}
