/// A page of text: its lines with positions and texts.
///
/// Both the result of a reader and ground truth are pages; a ``PageFormat`` writes them to files and reads them.
public struct Page: Sendable, Equatable, Codable {
    /// The name or path of the image.
    public var image: String
    /// The width of the image in pixels, if it is known.
    public var width: Int?
    /// The height of the image in pixels, if it is known.
    public var height: Int?
    /// The lines in reading order.
    public var lines: [Line]

    /// A page with its lines.
    public init(image: String, width: Int? = nil, height: Int? = nil, lines: [Line]) {
        (self.image, self.width, self.height, self.lines) = (image, width, height, lines)
    }

    /// A line of writing.
    public struct Line: Sendable, Equatable {
        /// The identifier of the line on its page or in its data set, if it has one.
        public var id: String?
        /// The text; empty if it is not known.
        public var text: String
        /// The confidence of the reading, from 0 to 1; nil for ground truth.
        public var confidence: Double?
        /// The bounding box of the line, in pixels of the image.
        public var box: Box
        /// The points of the baseline, on which letters stand, from left to right; none if it is not known.
        public var baseline: [Polygon.Point]
        /// The outline of the line, if it is known.
        public var polygon: Polygon?
        /// The words with their positions, if they are known.
        public var words: [Word]

        /// Creates a line; a `confidence` outside 0…1 is moved to the nearer end, NaN becomes 0.
        public init(
            id: String? = nil, text: String, confidence: Double? = nil, box: Box, baseline: [Polygon.Point] = [],
            polygon: Polygon? = nil, words: [Word] = []
        ) {
            (self.id, self.text, self.box, self.baseline) = (id, text, box, baseline)
            (self.polygon, self.words) = (polygon, words)
            self.confidence = confidence.map(Self.clamped)
        }

        static func clamped(_ confidence: Double) -> Double {
            confidence.isNaN ? 0 : min(max(confidence, 0), 1)
        }
    }

    /// A word of a line.
    public struct Word: Sendable, Equatable {
        /// The text.
        public var text: String
        /// The confidence of the reading, from 0 to 1; nil for ground truth.
        public var confidence: Double?
        /// The bounding box of the word, in pixels of the image.
        public var box: Box

        /// Creates a word; a `confidence` outside 0…1 is moved to the nearer end, NaN becomes 0.
        public init(text: String, confidence: Double? = nil, box: Box) {
            (self.text, self.box, self.confidence) = (text, box, confidence.map(Line.clamped))
        }
    }

    /// The texts of all lines that are not empty, joined by newlines.
    public var text: String { lines.map(\.text).filter { !$0.isEmpty }.joined(separator: "\n") }

    /// The smallest box around all lines with an area; nil if there are none.
    public var linesBox: Box? {
        let boxes = lines.map(\.box).filter { $0.area > 0 }
        return boxes.dropFirst().reduce(boxes.first) { $0?.union($1) }
    }

    /// The box of the block of all lines in a file; nil if there are no lines.
    var blockBox: Box? { lines.isEmpty ? nil : linesBox ?? Box(x: 0, y: 0, width: 0, height: 0) }

    /// The size of the image; if it is not known, the smallest that holds all lines.
    var size: (width: Int, height: Int) {
        (width ?? max(linesBox?.maxX ?? 0, 0), height ?? max(linesBox?.maxY ?? 0, 0))
    }
}
