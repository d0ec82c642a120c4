/// Recognizes pages in two steps: detects the lines, then recognizes each of them.
///
/// ```swift
/// let page = try PageReader.pretrained().read(Image(contentsOf: "page.png"))
/// for line in page.lines { print(line.text, line.confidence, line.box) }
/// ```
public struct PageReader: PageRecognizer {
    /// The line detector.
    public var detector: LineDetector
    /// The line reader.
    public var reader: LineReader
    /// The decoding of the line reader.
    public var decoding: Decoding {
        get { reader.decoding }
        set { reader.decoding = newValue }
    }
    /// The decoding that the line reader uses.
    public var effectiveDecoding: Decoding { reader.effectiveDecoding }

    /// Combines a line detector and a line reader.
    public init(detector: LineDetector, reader: LineReader) { (self.detector, self.reader) = (detector, reader) }

    /// The name of the detector's weights file in a directory with both.
    public static let detectorName = "line-detector.safetensors"
    /// The name of the reader's weights file in a directory with both.
    public static let readerName = "line-reader.safetensors"

    /// Reads `line-detector.safetensors` and `line-reader.safetensors` from a directory.
    ///
    /// - Throws: `FileError`, `ArchiveError`, or `ConfigurationError` naming the file.
    public init(directory: String) throws {
        self.init(
            detector: try LineDetector("\(directory)/\(Self.detectorName)"),
            reader: try LineReader("\(directory)/\(Self.readerName)"))
    }

    public func read(_ page: Image, name: String, whenRead: (Page.Line) -> Void) -> Page {
        // Blocks about as high as a line: a shadow's edge is sharper, but most of a block must not be ink.
        let gray = page.grayscale().darkOnLight().flatteningBackground(block: max(page.width, page.height, 40) / 40)
        let boxes = detector.predict(gray)
        var lines: [Page.Line] = []
        // In groups of one line per thread, so that the first lines are reported early.
        for start in stride(from: 0, to: boxes.count, by: Threads.count) {
            let group = boxes[start..<min(start + Threads.count, boxes.count)]
            for (box, output) in zip(group, reader.predict(group.map { gray.cropped(toLine: $0) }))
            where !output.text.isEmpty {
                lines.append(Page.Line(text: output.text, confidence: output.confidence, box: box))
                whenRead(lines[lines.count - 1])
            }
        }
        return Page(image: name, width: page.width, height: page.height, lines: lines)
    }

    /// Recognizes an image of a single line.
    public func readLine(_ image: Image, name: String) -> Page {
        let output = reader.predict(image.grayscale())
        let box = Box(x: 0, y: 0, width: image.width, height: image.height)
        let line = Page.Line(text: output.text, confidence: output.confidence, box: box)
        return Page(
            image: name, width: image.width, height: image.height, lines: output.text.isEmpty ? [] : [line])
    }
}
