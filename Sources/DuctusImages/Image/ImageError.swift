/// Why an image could not be read or written. Every description has the file and the remedy.
public enum ImageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no such file.
    case missing(file: String)
    /// The file exists but cannot be opened, read or written.
    case inaccessible(file: String, reason: String)
    /// The file has no bytes.
    case empty(file: String)
    /// The bytes begin like none of the formats.
    case notAnImage(file: String)
    /// An image that is truncated or damaged.
    case corrupt(file: String, reason: String)
    /// More pixels than the caller allows.
    case tooLarge(file: String, width: Int, height: Int, maximumPixels: Int)
    /// A valid file of a kind that is not supported.
    case unsupported(file: String, reason: String)
    /// A program that is needed for PDF is not installed.
    case missingProgram(file: String, program: String)

    public var description: String {
        switch self {
        case .missing(let file):
            "\(file): there is no such file; check the path."
        case .inaccessible(let file, let reason):
            "\(file): \(reason); check the path and its permissions."
        case .empty(let file):
            "\(file): the file is empty; save or download the image again."
        case .notAnImage(let file):
            "\(file): this is not a PNG, JPEG, TIFF, WebP or PDF; convert the image to one of them."
        case .corrupt(let file, let reason):
            "\(file): the image is truncated or damaged (\(reason)); save or download it again."
        case .tooLarge(let file, let width, let height, let maximumPixels):
            "\(file): \(width) × \(height) pixels are more than the \(maximumPixels) allowed; scale the image down first."
        case .unsupported(let file, let reason):
            "\(file): \(reason) is not supported; convert the image to a gray or RGB PNG."
        case .missingProgram(let file, let program):
            """
            \(file): a PDF is read with the program \(program), which is not installed; install it with \
            apt-get install poppler-utils or brew install poppler.
            """
        }
    }
}
