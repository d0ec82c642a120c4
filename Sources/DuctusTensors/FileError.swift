/// Why a file could not be read or written.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What went wrong.
    public enum Reason: Equatable, Sendable, CustomStringConvertible {
        case missing
        case isDirectory
        case tooLarge(maximumBytes: Int)
        case notGzip
        case truncated
        case corrupt
        case notUTF8(line: Int)
        /// A refusal of the operating system, in its words.
        case system(String)

        public var description: String {
            switch self {
            case .missing: "there is no such file"
            case .isDirectory: "this is a directory, not a file"
            case .tooLarge(let maximumBytes): "there are more than the \(maximumBytes) bytes allowed"
            case .notGzip: "the file is not gzip-compressed"
            case .truncated: "the compressed data end too early"
            case .corrupt: "the compressed data are damaged"
            case .notUTF8(let line): "line \(line) is not UTF-8 text"
            case .system(let words): words
            }
        }

        private var remedy: String {
            switch self {
            case .missing, .isDirectory: "check the path"
            case .tooLarge: "check that it is the right file"
            case .notGzip, .truncated, .corrupt: "download it again"
            case .notUTF8: "convert the file to UTF-8"
            case .system: "check the path and its permissions"
            }
        }

        fileprivate var sentence: String { "\(description); \(remedy)." }
    }

    public let file: String
    public let reason: Reason

    public init(file: String, reason: Reason) {
        self.file = file
        self.reason = reason
    }

    public var description: String { "\(file): \(reason.sentence)" }
}
