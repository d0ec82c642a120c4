/// What is known about a page: the lines that were found on it, and what they say.
///
/// Readers give such pages, ground truth is such pages, and ``PageFormat`` writes them to files and reads them from files.
public struct Page: Sendable, Equatable, Codable {
    /// The name or path of the image.
    public var image: String
    /// The width of the image in pixels, where it is known.
    public var width: Int?
    /// The height of the image in pixels, where it is known.
    public var height: Int?
    /// The lines in reading order.
    public var lines: [Line]

    /// A page from its lines.
    public init(image: String, width: Int? = nil, height: Int? = nil, lines: [Line]) {
        (self.image, self.width, self.height, self.lines) = (image, width, height, lines)
    }

    /// A line of writing.
    public struct Line: Sendable, Equatable {
        /// The line's name on its page, or in its data set.
        public var id: String?
        /// What is written; empty where it is not known.
        public var text: String
        /// How sure the reading is, from 0 to 1; nil where nobody had to guess.
        public var confidence: Double?
        /// Where the line stands, in pixels of the image.
        public var box: Box
        /// The points of the line on which letters stand, from left to right; none if it is not known.
        public var baseline: [Polygon.Point]
        /// The line's outline, where there is one.
        public var polygon: Polygon?
        /// The words with their places, where they are known.
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
    public struct Word: Sendable, Equatable, Codable {
        /// What is written.
        public var text: String
        /// How sure the reading is, from 0 to 1; nil where nobody had to guess.
        public var confidence: Double?
        /// Where the word stands, in pixels of the image.
        public var box: Box

        /// Creates a word; a `confidence` outside 0…1 is moved to the nearer end, NaN becomes 0.
        public init(text: String, confidence: Double? = nil, box: Box) {
            (self.text, self.box, self.confidence) = (text, box, confidence.map(Line.clamped))
        }
    }

    /// What the lines say that are not empty, joined by newlines.
    public var text: String { lines.map(\.text).filter { !$0.isEmpty }.joined(separator: "\n") }

    /// The smallest box around all lines that have an area; nil if there are none.
    public var linesBox: Box? {
        let boxes = lines.map(\.box).filter { $0.area > 0 }
        return boxes.dropFirst().reduce(boxes.first) { $0?.union($1) }
    }

    /// The size of the image; where it is not known, the smallest that holds all lines.
    var size: (width: Int, height: Int) {
        (width ?? max(linesBox?.maxX ?? 0, 0), height ?? max(linesBox?.maxY ?? 0, 0))
    }
}
