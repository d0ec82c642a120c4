extension LanguageModelTrainer {
    /// A text by its name on the command line: a text file, which may be compressed with gzip, or the transcriptions of a
    /// split of a data set, as its kind and directory: `iam:data/iam`.
    ///
    /// - Throws: `FileError`, or an error of the data set.
    public static func text(named name: String, split: String = "train") throws -> String {
        if !File.exists(name), let colon = name.firstIndex(of: ":"), !name[..<colon].contains("/") {
            let lines = try LineDataset(
                kind: Choice(String(name[..<colon])), directory: String(name[name.index(after: colon)...]), split: split
            )
            return try (0..<lines.count).map { try lines.source.text(of: $0) }.joined(separator: "\n")
        }
        var bytes = try File.readBytes(name)
        if File.isGzip(bytes) { bytes = try File.inflate(bytes, name: name) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let line = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
                .firstIndex { String(validating: $0, as: UTF8.self) == nil }
            throw FileError(file: name, reason: .notUTF8(line: (line ?? 0) + 1))
        }
        return text
    }
}
