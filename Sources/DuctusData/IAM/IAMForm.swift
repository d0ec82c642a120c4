/// A handwritten page of the IAM database.
public struct IAMForm: Sendable, Equatable {
    /// The name of the form, such as `a01-000u`.
    public let id: String
    /// The identifier of the writer, such as `000`.
    public let writer: String
    /// The path of the image of the page, whether it exists or not.
    public let imagePath: String
    /// The lines from top to bottom.
    public let lines: [IAMLine]

    /// Whether the image of the page exists.
    public var hasImage: Bool { File.exists(imagePath) }
}

/// A line of handwriting in the IAM database.
public struct IAMLine: Sendable, Equatable {
    /// The quality of the segmentation of a line into words; the line itself is correct either way.
    public enum Segmentation: String, Sendable {
        /// Every word is segmented correctly.
        case ok
        /// At least one word is not.
        case err
    }

    /// The name of the line, such as `a01-000u-00`.
    public let id: String
    /// Whether the line was segmented into words correctly; not a reason to leave it out.
    public let segmentation: Segmentation
    /// The brightness, 0 … 255, that separates ink from paper.
    public let grayLevel: Int
    /// The bounding box of the line, in pixels of the form's image.
    public let box: Box
    /// The text, with natural spacing.
    public let text: String
    /// The path of the image of the line, whether it exists or not.
    public let imagePath: String

    /// Whether the image of the line exists: a few lines of the database have only a transcription.
    public var hasImage: Bool { File.exists(imagePath) }
}
