/// The lines of a UTF-8 text file, with their numbers for error messages.
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

    func malformed(_ line: Line, _ reason: String) -> DatasetError {
        .malformedLine(file: path, line: line.number, reason: reason)
    }
}
