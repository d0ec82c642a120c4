import DuctusModels

/// Reads a page: finds its lines, then reads each.
///
/// ```swift
/// let page = try ParagraphReader.pretrained().read(Image(contentsOf: "page.png"))
/// for line in page.lines { print(line.text, line.confidence, line.box) }
/// ```
public struct ParagraphReader: Predictor {
    public let detector: LineDetector
    public let reader: LineReader

    public init(detector: LineDetector, reader: LineReader) { (self.detector, self.reader) = (detector, reader) }

    /// The files that a directory with both networks holds.
    public static let detectorName = "line-detector.safetensors"
    public static let readerName = "line-reader.safetensors"

    /// - Parameter directory: holds `line-detector.safetensors` and `line-reader.safetensors`.
    public init(directory: String) throws {
        self.init(
            detector: try LineDetector("\(directory)/\(Self.detectorName)"),
            reader: try LineReader("\(directory)/\(Self.readerName)"))
    }

    public func predict(_ pages: [Image]) -> [PageReading] { pages.map { read($0) } }

    /// The page's lines with text, confidence and box.
    public func read(_ page: Image, name: String = "") -> PageReading {
        let gray = page.grayscale()
        let boxes = detector.predict(gray)
        let outputs = reader.predict(boxes.map { gray.cropped(toLine: $0) })
        let lines = zip(boxes, outputs).map { LineReading(text: $1.text, confidence: $1.confidence, box: $0) }
        return PageReading(
            image: name, width: page.width, height: page.height, lines: lines.filter { !$0.text.isEmpty })
    }

    /// An image that is one line, as a page.
    public func readLine(_ image: Image, name: String = "") -> PageReading {
        let output = reader.predict(image.grayscale())
        let box = Box(x: 0, y: 0, width: image.width, height: image.height)
        let line = LineReading(text: output.text, confidence: output.confidence, box: box)
        return PageReading(
            image: name, width: image.width, height: image.height, lines: output.text.isEmpty ? [] : [line])
    }
}

extension Image {
    /// The part of a page that a detected line covers. Detected boxes are a little taller than lines, which would make
    /// the writing smaller than what readers learn from; beside a line there is only paper.
    fileprivate func cropped(toLine box: Box) -> Image {
        let margin = box.height / 20
        return cropped(
            x: box.x - margin, y: box.y + margin, width: box.width + 2 * margin, height: max(box.height - 2 * margin, 1)
        )
    }
}
