extension LanguageModel {
    /// The language models in the directory of a file, in the order of their names.
    /// - Throws: an error of a language model's file.
    static func all(beside file: String) throws -> [LanguageModel] {
        try all(in: file.lastIndex(of: "/").map { String(file[...$0]) } ?? ".")
    }

    /// The language models in a directory, in the order of their names.
    /// - Throws: an error of a language model's file.
    public static func all(in directory: String) throws -> [LanguageModel] {
        try File.names(in: directory).filter { $0.hasSuffix(".\(pathExtension)") }
            .map { try LanguageModel("\(directory)/\($0)") }
    }

    /// The language models that a name stands for: those of a language, none for `none`, or that of a file.
    ///
    /// - Parameters:
    ///   - name: a code such as `en`, `none`, or the path of a language model.
    ///   - models: language models that are available; those that come with Ductus are, too.
    /// - Throws: ``LanguageError`` for an unknown language, or an error of a language model's file.
    public static func named(_ name: String, among models: [LanguageModel]) throws -> [LanguageModel] {
        if name == "none" { return [] }
        if name.hasSuffix(".\(pathExtension)") { return [try LanguageModel(name)] }
        let own = models.filter { $0.language == name }
        guard own.isEmpty else { return own }
        let shipped = try (try? PretrainedWeights.research.directory()).map { try all(in: $0) } ?? []
        let found = shipped.filter { $0.language == name }
        guard found.isEmpty else { return found }
        throw LanguageError(name: name, available: Set((models + shipped).map(\.language)).sorted())
    }
}

/// A language without a language model.
public struct LanguageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The language.
    public let name: String
    /// The languages that have a language model.
    public let available: [String]

    public var description: String {
        "There is no language model for \"\(name)\"; choose \((available + ["none"]).joined(separator: ", ")), or a file "
            + "with the suffix .\(LanguageModel.pathExtension)."
    }
}

extension PageReader {
    /// The language models of the line reader.
    public var languageModels: [LanguageModel] {
        get { reader.languageModels }
        set { reader.languageModels = newValue }
    }
}

/// A recognizer whose beam search can use language models.
public protocol LanguageUser {
    /// The decoding.
    var decoding: Decoding { get set }
    /// The language models of the beam search; none for networks that learn the language themselves.
    var languageModels: [LanguageModel] { get set }
}

extension LanguageUser {
    /// Uses the language models that a name stands for; see ``LanguageModel/named(_:among:)``. With the first language model,
    /// the decoding becomes a beam search, and without any, that of the best path.
    /// - Throws: ``LanguageError``, or an error of a language model's file.
    public mutating func use(language: String) throws {
        let hadModels = !languageModels.isEmpty
        languageModels = try LanguageModel.named(language, among: languageModels)
        let hasModels = !languageModels.isEmpty
        if hasModels != hadModels { decoding = hasModels ? .beam(width: Decoding.languageBeamWidth) : .bestPath }
    }
}
