#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// Why a file could not be read or written.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The reasons.
    public enum Reason: Equatable, Sendable, CustomStringConvertible {
        /// There is no such file.
        case missing
        /// The path leads to a directory.
        case isDirectory
        /// The file, or what it decompresses to, is larger than the reader allows.
        case tooLarge(maximumBytes: Int)
        /// The file should be gzip-compressed and is not.
        case notGzip
        /// Compressed data end too early.
        case truncated
        /// Compressed data are damaged.
        case corrupt
        /// A line of text, counted from 1, is not UTF-8.
        case notUTF8(line: Int)
        /// A line of text, counted from 1, is malformed, with the reason.
        case malformed(line: Int, String)
        /// An error of the operating system, in its words.
        case system(String)

        public var description: String {
            switch self {
            case .missing: "there is no such file"
            case .isDirectory: "this is a directory, not a file"
            case .tooLarge(let maximumBytes): "it is larger than the \(maximumBytes) bytes allowed"
            case .notGzip: "the file is not gzip-compressed"
            case .truncated: "the compressed data end too early"
            case .corrupt: "the compressed data are damaged"
            case .notUTF8(let line): "line \(line) is not UTF-8 text"
            case .malformed(let line, let reason): "line \(line): \(reason)"
            case .system(let words): words
            }
        }

        private var remedy: String {
            switch self {
            case .missing, .isDirectory: "check the path"
            case .tooLarge: "check that it is the right file"
            case .notGzip, .truncated, .corrupt: "download it again"
            case .notUTF8: "convert the file to UTF-8"
            case .malformed: "correct that line or download the file again"
            case .system(let words) where words == FileError.noSpace: "make room on the disk"
            case .system: "check the path and its permissions"
            }
        }

        fileprivate var sentence: String { "\(description); \(remedy)." }
    }

    /// Whether the disk is full.
    package var isFullDisk: Bool { reason == .system(Self.noSpace) }

    /// The words of the operating system for a full disk.
    private static let noSpace = String(cString: strerror(ENOSPC))

    /// The path.
    public let file: String
    /// What is wrong with it.
    public let reason: Reason

    package init(file: String, reason: Reason) {
        self.file = file
        self.reason = reason
    }

    public var description: String {
        if case .malformed = reason { return "\(file), \(reason.sentence)" }
        return "\(file): \(reason.sentence)"
    }
}
