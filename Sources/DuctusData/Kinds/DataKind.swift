/// A kind of data set, found by its name in a configuration file or on the command line: how files on disk become
/// characters, lines or pages. Its properties are settings that a file may change.
///
/// What a kind has is what it conforms to: ``CharacterDataKind``, ``LineDataKind``, ``PageDataKind``.
///
/// ```swift
/// struct Postcards: PageDataKind {
///     static let name = "postcards"
///     func pages(in directory: String, split: String) throws -> [TranscribedPage] { … }
/// }
/// Registries.dataKinds.register(Postcards.self)
/// ```
public protocol DataKind: Component {}

/// A kind of data set that has single characters.
public protocol CharacterDataKind: DataKind {
    /// Reads the characters of a split.
    /// - Throws: ``DatasetError``.
    func characters(in directory: String, split: String) throws -> CharacterImages
}

/// A kind of data set that has lines with their texts.
public protocol LineDataKind: DataKind {
    /// Reads what is known about the lines of a split; images are read when they are needed.
    /// - Returns: the lines that have an image, and how many have none.
    /// - Throws: ``DatasetError``.
    func lines(in directory: String, split: String) throws -> (lines: any LineSource, missingImages: Int)
}

/// A kind of data set that has pages whose lines are known.
public protocol PageDataKind: DataKind {
    /// Reads what is known about the pages of a split; images are read when they are needed.
    /// - Throws: ``DatasetError``.
    func pages(in directory: String, split: String) throws -> [TranscribedPage]
}

extension Registries {
    /// The kinds of data sets that files and commands can name.
    public static let dataKinds = Registry<any DataKind.Type>(
        "kind of data",
        [
            MNISTData.self, EMNISTData.self, IAMData.self, LineFolderData.self, LineSynthesis.self, ALTOData.self,
            PAGEData.self,
        ]
    ) { $0.name }
}

extension Registry where Value == any DataKind.Type {
    /// The kind of data that a file chooses, with its settings.
    ///
    /// - Parameters:
    ///   - choice: the name of the kind, and settings.
    ///   - what: what it must have, such as "lines".
    ///   - file: what errors call the file.
    ///   - role: the protocol of kinds that have that.
    /// - Throws: `ConfigurationError` for a kind that is not known or has nothing of that, and for unknown settings.
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
