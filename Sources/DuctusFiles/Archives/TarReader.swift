/// The regular files of a tar archive, plain or gzip-compressed, one after another.
///
/// Reads the formats of POSIX (ustar and pax) and the long names of GNU tar. Every header must match its checksum. Links
/// and devices are refused, since a data set has no use for them and they may lead out of its directory.
package final class TarReader {
    private static let blockSize = 512

    private let path: String
    private let file: SharedBytes
    private var position = 0
    private var inflater: Inflater?
    private var isAtEnd = false

    /// Opens an archive.
    /// - Throws: `FileError`.
    package init(_ path: String) throws(FileError) {
        self.path = path
        file = try SharedBytes(contentsOf: path)
        if file.withUnsafeBytes({ $0.starts(with: [0x1F, 0x8B]) }) { inflater = Inflater(.gzip) }
    }

    /// The next file whose name is wanted; nil at the end.
    ///
    /// - Parameters:
    ///   - isWanted: whether a file of that name is read; others are skipped.
    ///   - maximumBytes: a larger file is an error, before memory is allocated.
    /// - Throws: ``ArchiveError`` if the archive is damaged or has links.
    package func next(
        maximumBytes: Int = 2 << 30, where isWanted: (String) -> Bool = { _ in true }
    ) throws(ArchiveError) -> (name: String, contents: [UInt8])? {
        var (longName, longSize): (String?, Int?) = (nil, nil)
        while let header = try nextHeader() {
            let size = longSize ?? header.size
            switch header.type {
            case UInt8(ascii: "L"):
                longName = Self.text(try contents(size: header.size, maximumBytes: 64 << 10)[...])
            case UInt8(ascii: "x"):
                let records = Self.records(try contents(size: header.size, maximumBytes: 1 << 20))
                (longName, longSize) = (records["path"] ?? longName, records["size"].flatMap { Int($0) } ?? longSize)
            case UInt8(ascii: "0"), 0, UInt8(ascii: "7"):
                let name = longName ?? header.name
                (longName, longSize) = (nil, nil)
                if !name.hasSuffix("/"), isWanted(name) {
                    return (name, try contents(size: size, maximumBytes: maximumBytes))
                }
                try skip(size)
            case UInt8(ascii: "5"), UInt8(ascii: "g"):
                (longName, longSize) = (nil, nil)
                try skip(header.size)
            default:
                throw ArchiveError(
                    path, "has “\(longName ?? header.name)”, which is neither a file nor a directory; pack it without.")
            }
        }
        return nil
    }

    private struct Header {
        let name: String
        let size: Int
        let type: UInt8
    }

    private func nextHeader() throws(ArchiveError) -> Header? {
        let block = try read(Self.blockSize)
        // The end is marked by zeros; some writers leave them out.
        guard !block.isEmpty, block.contains(where: { $0 != 0 }) else { return nil }
        guard block.count == Self.blockSize else { throw truncated }
        let sum = block.enumerated().reduce(0) { $0 + (148..<156 ~= $1.offset ? 32 : Int($1.element)) }
        guard Self.number(block[148..<156]) == sum else {
            throw ArchiveError(path, "is damaged or no tar archive: a header does not match its checksum.")
        }
        guard let size = Self.number(block[124..<136]), 0...(1 << 48) ~= size else {
            throw ArchiveError(path, "is damaged: a header has no valid size.")
        }
        let isPOSIX = block[257..<262].elementsEqual("ustar".utf8) && block[262] == 0
        let prefix = isPOSIX ? Self.text(block[345..<500]) : ""
        let name = Self.text(block[0..<100])
        return Header(name: prefix.isEmpty ? name : "\(prefix)/\(name)", size: size, type: block[156])
    }

    /// The contents of a file, and its padding.
    private func contents(size: Int, maximumBytes: Int) throws(ArchiveError) -> [UInt8] {
        guard size <= maximumBytes else {
            throw ArchiveError(path, "has a file of \(size) bytes, more than the \(maximumBytes) allowed.")
        }
        let contents = try read(size)
        guard contents.count == size else { throw truncated }
        try discard(Self.padded(size) - size)
        return contents
    }

    /// Skips the contents of a file, and its padding.
    private func skip(_ size: Int) throws(ArchiveError) { try discard(Self.padded(size)) }

    private func discard(_ count: Int) throws(ArchiveError) {
        var left = count
        while left > 0 {
            let skipped = try read(min(left, 1 << 20)).count
            guard skipped > 0 else { throw truncated }
            left -= skipped
        }
    }

    /// The next `count` bytes, fewer at the end.
    private func read(_ count: Int) throws(ArchiveError) -> [UInt8] {
        guard inflater != nil else {
            let end = min(position + count, file.count)
            defer { position = end }
            return file.withUnsafeBytes { Array($0[position..<end]) }
        }
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(count, 1 << 20))
        while output.count < count, !isAtEnd {
            let room = min(chunk.count, count - output.count)
            let step = file.withUnsafeBytes { bytes in
                chunk.withUnsafeMutableBytes { output in
                    inflater?.inflate(
                        UnsafeRawBufferPointer(rebasing: bytes[position...]),
                        into: UnsafeMutableRawBufferPointer(rebasing: output[..<room])) ?? Inflater.Step()
                }
            }
            position += step.consumed
            output += chunk[..<step.produced]
            if step.isDamaged { throw ArchiveError(path, "is damaged: its compressed bytes are broken.") }
            if step.isAtEnd {
                // Another member may follow.
                let rest = file.withUnsafeBytes { Array($0[position...].prefix(2)) }
                if rest == [0x1F, 0x8B] { inflater = Inflater(.gzip) } else { isAtEnd = true }
            } else if step.produced == 0 {
                throw truncated
            }
        }
        return output
    }

    private var truncated: ArchiveError { ArchiveError(path, "is truncated. Download it again.") }

    private static func padded(_ size: Int) -> Int { (size + blockSize - 1) / blockSize * blockSize }

    /// The bytes before the first zero.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        File.path(decoding: Array(bytes.prefix { $0 != 0 }))
    }

    /// A number in octal digits, or in binary if its first bit is set.
    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        if let first = bytes.first, first & 0x80 != 0 {
            guard first == 0x80, bytes.dropFirst().prefix(bytes.count - 8).allSatisfy({ $0 == 0 }) else { return nil }
            return bytes.suffix(7).reduce(0) { $0 << 8 | Int($1) }
        }
        let digits = bytes.drop { $0 == 0x20 }.prefix { $0 != 0x20 && $0 != 0 }
        return digits.isEmpty ? 0 : Int(String(decoding: digits, as: UTF8.self), radix: 8)
    }

    /// The records of a pax header: `length key=value`, newline.
    private static func records(_ bytes: [UInt8]) -> [String: String] {
        var records: [String: String] = [:]
        var rest = bytes[...]
        while let space = rest.firstIndex(of: 0x20),
            let length = Int(String(decoding: rest[..<space], as: UTF8.self)), length > 0, length <= rest.count
        {
            let record = rest[(space + 1)..<max(space + 1, rest.startIndex + length - 1)]
            if let equals = record.firstIndex(of: UInt8(ascii: "=")) {
                records[String(decoding: record[..<equals], as: UTF8.self)] = File.path(
                    decoding: Array(record[record.index(after: equals)...]))
            }
            rest = rest[(rest.startIndex + length)...]
        }
        return records
    }
}
