/// A handwritten page of the IAM database.
public struct IAMForm: Sendable, Equatable {
    /// The form's name, such as `a01-000u`.
    public let id: String
    /// Who wrote it, such as `000`.
    public let writer: String
    /// Where the picture of the page is, or would be.
    public let imagePath: String
    /// The lines from top to bottom.
    public let lines: [IAMLine]

    /// Whether the picture of the page is there.
    public var hasImage: Bool { File.exists(imagePath) }
}

/// A line of handwriting in the IAM database.
public struct IAMLine: Sendable, Equatable {
    /// What the database says about the line's segmentation into words; the line itself is sound either way.
    public enum Segmentation: String, Sendable {
        /// Every word was cut out rightly.
        case ok
        /// At least one word was not.
        case err
    }

    /// The line's name, such as `a01-000u-00`.
    public let id: String
    /// Whether the line was cut into words rightly; no reason to leave it out.
    public let segmentation: Segmentation
    /// The brightness, 0 … 255, that separates ink from paper.
    public let grayLevel: Int
    /// Where the line is on the page, in pixels of the form's picture.
    public let box: Box
    /// What is written, with natural spacing.
    public let text: String
    /// Where the picture of the line is, or would be.
    public let imagePath: String

    /// Whether the picture of the line is there: a few lines of the database have a transcription only.
    public var hasImage: Bool { File.exists(imagePath) }
}
