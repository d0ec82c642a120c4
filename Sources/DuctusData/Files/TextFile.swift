/// The lines of a text file in UTF-8, or in UTF-16 with a byte order mark, with their numbers for error messages.
struct TextFile {
    struct Line {
        /// Counted from 1.
        let number: Int
        let text: String
    }

    let path: String
    /// The lines that are not empty.
    let lines: [Line]

    /// - Parameter remedy: what to do if the file is missing.
    init(path: String, remedy: String) throws(DatasetError) {
        self.path = path
        var bytes: ArraySlice<UInt8>
        do {
            bytes = try File.readBytes(path)[...]
        } catch {
            throw error.reason == .missing ? .missing(file: path, remedy: remedy) : .unreadable(error)
        }
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if bytes.starts(with: byteOrderMark) { bytes = bytes.dropFirst(3) }
        if let converted = Self.utf8(fromUTF16: bytes) { bytes = converted[...] }

        var lines: [Line] = []
        for (index, var line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if line.last == 0x0D { line = line.dropLast() }
            guard let text = String(validating: line, as: UTF8.self) else {
                throw .unreadable(FileError(file: path, reason: .notUTF8(line: index + 1)))
            }
            if !text.isEmpty { lines.append(Line(number: index + 1, text: text)) }
        }
        self.lines = lines
    }

    /// The text of UTF-16, as spreadsheets on Windows write it; nil if the byte order mark or the encoding is not right.
    private static func utf8(fromUTF16 bytes: ArraySlice<UInt8>) -> [UInt8]? {
        let isLittleEndian = bytes.starts(with: [0xFF, 0xFE])
        guard isLittleEndian || bytes.starts(with: [0xFE, 0xFF]), bytes.count.isMultiple(of: 2) else { return nil }
        let units = stride(from: bytes.startIndex + 2, to: bytes.endIndex, by: 2).map { place in
            let (first, second) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
            return isLittleEndian ? second << 8 | first : first << 8 | second
        }
        return String(validating: units, as: UTF16.self).map { Array($0.utf8) }
    }

    func malformed(_ line: Line, _ reason: String) -> DatasetError {
        .malformedLine(file: path, line: line.number, reason: reason)
    }
}
