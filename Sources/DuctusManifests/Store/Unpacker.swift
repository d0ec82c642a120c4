/// Takes the files of an archive out, one after another, into a store.
struct Unpacker {
    let archive: String
    /// The name of the archive in errors.
    let name: String
    let unpacking: DataManifest.Unpacking

    /// Calls a function with the path in the data set and the contents of every file that is wanted.
    ///
    /// - Throws: `ArchiveError` for an archive that is damaged, or a path that leads out of the data set.
    func forEachFile(_ body: (String, [UInt8]) throws -> Void) throws {
        do {
            let start = try SharedBytes(contentsOf: archive)
            guard start.withUnsafeBytes({ $0.starts(with: "PK".utf8) }) else { return try unpackTar(body) }
            let zip = try ZipArchive(start, path: archive)
            for member in zip.members where !member.name.hasSuffix("/") {
                guard let path = try destination(of: member.name) else { continue }
                try body(path, zip.contents(of: member).withUnsafeBytes { Array($0) })
            }
        } catch let error as ArchiveError {
            throw ArchiveError(name, error.problem)
        }
    }

    private func unpackTar(_ body: (String, [UInt8]) throws -> Void) throws {
        let tar = try TarReader(archive)
        while let (member, contents) = try tar.next(where: { matches($0) }) {
            if let path = try destination(of: member) { try body(path, contents) }
        }
    }

    /// Where a file of the archive goes; nil for one that is not wanted.
    private func destination(of member: String) throws(ArchiveError) -> String? {
        guard matches(member) else { return nil }
        var parts = member.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        while parts.first == "." { parts.removeFirst() }
        guard parts.joined(separator: "/").isPathWithin else {
            throw ArchiveError(
                name, "has the file “\(member)”, which leads out of the data set; do not use this archive.")
        }
        parts.removeFirst(unpacking.flatten ? parts.count - 1 : min(unpacking.strip, parts.count - 1))
        return unpacking.into.appendingPath(parts)
    }

    private func matches(_ member: String) -> Bool {
        // What macOS adds to archives is not part of them.
        if member.hasPrefix("__MACOSX/") || File.name(of: member).hasPrefix("._") { return false }
        return unpacking.only.isEmpty || unpacking.only.contains { member.matches(pattern: $0) }
    }
}

extension String {
    fileprivate func appendingPath(_ parts: [String]) -> String {
        ((isEmpty ? [] : [self]) + parts).joined(separator: "/")
    }

    /// Whether the text is like a pattern, in which `*` stands for any characters.
    func matches(pattern: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard let first = parts.first, let last = parts.last, parts.count > 1 else { return self == pattern }
        guard hasPrefix(first), hasSuffix(last), utf8.count >= first.utf8.count + last.utf8.count else { return false }
        var rest = dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}
