/// The bearer tokens that may use a service, with the names of their owners.
public struct Tokens: Sendable {
    private struct Entry {
        let name: String
        let hash: [UInt8]
    }

    private let entries: [Entry]

    /// Reads a file with a name and a token on each line, separated by spaces. Empty lines and those that begin with
    /// `#` do not count.
    ///
    /// - Throws: `FileError` naming the line.
    public init(contentsOf path: String) throws(FileError) {
        let text = String(decoding: try File.readBytes(path, maximumBytes: 1 << 20), as: UTF8.self)
        var entries: [Entry] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let words = line.split(separator: " ")
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            guard words.count == 2, words[1].utf8.count >= 16 else {
                throw FileError(
                    file: path,
                    reason: .malformed(line: index + 1, "a name and a token of 16 characters or more are expected"))
            }
            entries.append(Entry(name: String(first), hash: ContentHash(String(words[1])).bytes))
        }
        guard !entries.isEmpty else {
            throw FileError(file: path, reason: .malformed(line: 1, "there is no token"))
        }
        self.entries = entries
    }

    /// The owner of the token in an `Authorization` field; nil if there is none.
    ///
    /// All hashes are compared to their end, so the time tells nothing about the tokens.
    func owner(ofAuthorization field: String?) -> String? {
        guard let field, field.lowercased().hasPrefix("bearer ") else { return nil }
        let hash = ContentHash(String(field.dropFirst("bearer ".count).drop { $0 == " " })).bytes
        var owner: String?
        for entry in entries {
            let difference = zip(hash, entry.hash).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
            if difference == 0 { owner = entry.name }
        }
        return owner
    }
}
