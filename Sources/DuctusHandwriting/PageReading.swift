import DuctusModels

/// What was read on one image. ``PageFormat`` writes it to files.
public struct PageReading: Codable, Equatable, Sendable {
    /// The name or path of the image.
    public var image: String

    /// The width of the image in pixels.
    public var width: Int

    /// The height of the image in pixels.
    public var height: Int

    /// The lines in reading order.
    public var lines: [LineReading]

    /// A reading from elsewhere, or one that was corrected.
    public init(image: String, width: Int, height: Int, lines: [LineReading]) {
        self.image = image
        self.width = width
        self.height = height
        self.lines = lines
    }

    /// The lines of text joined by newlines.
    public var text: String { lines.map(\.text).joined(separator: "\n") }
}

/// One line of text, where it stands, and how sure the reading is.
public struct LineReading: Codable, Equatable, Sendable {
    /// The text of the line.
    public let text: String

    /// How sure the reading is, from 0 to 1.
    public let confidence: Double

    /// Where the line stands, in pixels of the image.
    public let box: Box

    /// Creates a line; a `confidence` outside 0…1 is moved to the nearer end, NaN becomes 0.
    public init(text: String, confidence: Double, box: Box) {
        self.text = text
        self.confidence = confidence.isNaN ? 0 : min(max(confidence, 0), 1)
        self.box = box
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            text: try values.decode(String.self, forKey: .text),
            confidence: try values.decode(Double.self, forKey: .confidence),
            box: try values.decode(Box.self, forKey: .box))
    }
}
