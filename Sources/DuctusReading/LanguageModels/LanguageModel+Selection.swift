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
        let shipped = try (try? PageReader.pretrainedDirectory()).map { try all(in: $0) } ?? []
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

extension PageRecognizer {
    /// Uses the language models that a name stands for in a beam search; see ``LanguageModel/named(_:among:)``.
    /// - Throws: ``LanguageError``, or an error of a language model's file.
    public mutating func use(language: String) throws {
        languageModels = try LanguageModel.named(language, among: languageModels)
        if decoding == .bestPath, !languageModels.isEmpty { decoding = .beam(width: Decoding.languageBeamWidth) }
    }
}

extension LineReader {
    /// Uses the language models that a name stands for in a beam search; see ``LanguageModel/named(_:among:)``.
    /// - Throws: ``LanguageError``, or an error of a language model's file.
    public mutating func use(language: String) throws {
        languageModels = try LanguageModel.named(language, among: languageModels)
        decoding = languageModels.isEmpty ? .bestPath : .beam(width: Decoding.languageBeamWidth)
    }
}
