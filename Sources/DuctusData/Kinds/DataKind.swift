/// A kind of data set, chosen by name in a configuration file or on the command line. It reads files as characters,
/// lines or pages, and conforms to ``CharacterDataKind``, ``LineDataKind`` or ``PageDataKind`` accordingly. Its stored
/// properties are settings.
///
/// ```swift
/// struct Postcards: PageDataKind {
///     static let name = "postcards"
///     func pages(in directory: String, split: String) throws -> [TranscribedPage] { … }
/// }
/// Registries.dataKinds.register(Postcards.self)
/// ```
public protocol DataKind: Component {
    /// The names of the splits in a directory; none if they cannot be listed.
    /// - Throws: ``DatasetError``.
    func splitNames(in directory: String) throws -> [String]
}

extension DataKind {
    /// No names, as they cannot be listed.
    public func splitNames(in directory: String) throws -> [String] { [] }
}

/// A kind of data set with single characters.
public protocol CharacterDataKind: DataKind {
    /// Reads the characters of a split.
    /// - Throws: ``DatasetError``.
    func characters(in directory: String, split: String) throws -> CharacterImages
}

/// A kind of data set with lines and their texts.
public protocol LineDataKind: DataKind {
    /// Reads the lines of a split; images are read on demand.
    /// - Returns: the lines that have an image, and the number of those that have none.
    /// - Throws: ``DatasetError``.
    func lines(in directory: String, split: String) throws -> (lines: any LineSource, missingImages: Int)
}

/// A kind of data set with transcribed pages.
public protocol PageDataKind: DataKind {
    /// Reads the pages of a split; images are read on demand.
    /// - Throws: ``DatasetError``.
    func pages(in directory: String, split: String) throws -> [TranscribedPage]
}

extension Registries {
    /// The kinds of data sets.
    public static let dataKinds = Registry<any DataKind.Type>(
        "kind of data",
        [
            MNISTData.self, EMNISTData.self, IAMData.self, LineFolderData.self, LineSynthesis.self, ALTOData.self,
            PAGEData.self,
        ]
    ) { $0.name }
}

extension Registry where Value == any DataKind.Type {
    /// The chosen kind of data, with its settings.
    ///
    /// - Parameters:
    ///   - choice: the name of the kind, and its settings.
    ///   - what: what the kind must have, such as "lines".
    ///   - file: the name of the file in errors.
    ///   - role: the protocol of the kinds that have it.
    /// - Throws: `ConfigurationError` for an unknown kind, one that does not have it, and unknown settings.
    public func kind<Role>(
        _ choice: Choice, with what: String, file: String = "data", as role: Role.Type = Role.self
    ) throws -> Role {
        let fitting = all.filter { $0.init() is Role }.map { $0.name }
        guard let type = self[choice.name], fitting.contains(choice.name) else {
            let fault =
                self[choice.name] == nil
                ? "there is no kind of data \"\(choice.name)\"\(suggestion(for: choice.name, among: fitting))"
                : "the kind of data \"\(choice.name)\" has no \(what)"
            throw ConfigurationError(file, "\(fault); choose one of \(fitting.joined(separator: ", "))")
        }
        guard let kind = try type.configured(choice, file) as? Role else {
            preconditionFailure("\(choice.name) has lost its \(what).")
        }
        return kind
    }
}

extension DataKind {
    fileprivate static func configured(_ choice: Choice, _ file: String) throws -> any DataKind {
        try Self().changed(by: .object(choice.settings), file: file, key: "data.kind")
    }
}
