#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

// Inside `LineFile`, the system's functions need other names.
private let systemWrite: @Sendable (CInt, UnsafeRawPointer?, Int) -> Int = { write($0, $1, $2) }

/// A text file that grows line by line. A line is in the file as soon as it is appended, so that programs that are killed
/// lose none; at most the last one is incomplete, and it does not count.
package final class LineFile: Sendable {
    private let descriptor: CInt
    private let path: String

    /// Opens a file, which is created if necessary, and removes lines from its end.
    ///
    /// - Parameters:
    ///   - path: the path.
    ///   - isLast: whether a line may be the last one. Later lines are removed, and all of them if there is none.
    /// - Throws: `FileError` if it cannot be read or written.
    package init(_ path: String, endingWhere isLast: (Substring) -> Bool = { _ in true }) throws(FileError) {
        let end = try Self.end(of: path, isLast)
        descriptor = open(File.systemPath(path), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        self.path = path
        guard descriptor >= 0 else { throw File.systemError(path) }
        guard ftruncate(descriptor, off_t(end)) == 0 else { throw File.systemError(path) }
    }

    deinit { close(descriptor) }

    /// The length of the lines that are kept.
    private static func end(of path: String, _ isLast: (Substring) -> Bool) throws(FileError) -> Int {
        guard File.exists(path) else { return 0 }
        let bytes = try File.readBytes(path)
        var end = (bytes.lastIndex(of: newline) ?? -1) + 1
        while end > 0 {
            let start = (bytes[..<(end - 1)].lastIndex(of: newline) ?? -1) + 1
            if isLast(Substring(decoding: bytes[start..<end - 1], as: UTF8.self)) { return end }
            end = start
        }
        return 0
    }

    /// Appends a line.
    package func append(_ line: String) throws(FileError) {
        let bytes = Array((line + "\n").utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw File.systemError(path) }
            written += count
        }
    }

    /// Waits until all lines are on the disk.
    package func flush() throws(FileError) {
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw File.systemError(path) }
    }

    /// The complete lines of a file after a number of bytes, and the number of bytes that they end at; none if there is no
    /// file.
    package static func lines(of path: String, from offset: Int = 0) throws(FileError) -> (lines: [Substring], end: Int)
    {
        let bytes = try File.readBytes(path, from: offset)
        guard let last = bytes.lastIndex(of: newline) else { return ([], offset) }
        let text = Substring(decoding: bytes[..<last], as: UTF8.self)
        return (text.split(separator: "\n", omittingEmptySubsequences: false), offset + last + 1)
    }

    private static let newline = UInt8(ascii: "\n")
}
