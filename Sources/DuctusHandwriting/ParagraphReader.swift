import DuctusModels

/// Reads a page: finds its lines, then reads each.
///
/// ```swift
/// let page = try ParagraphReader.pretrained().read(Image(contentsOf: "page.png"))
/// for line in page.lines { print(line.text, line.confidence, line.box) }
/// ```
public struct ParagraphReader: Predictor {
    /// What finds the lines.
    public let detector: LineDetector
    /// What reads them.
    public let reader: LineReader

    /// Puts together two networks that were trained apart.
    public init(detector: LineDetector, reader: LineReader) { (self.detector, self.reader) = (detector, reader) }

    /// The detector's weights file in a directory with both networks.
    public static let detectorName = "line-detector.safetensors"
    /// The reader's weights file in a directory with both networks.
    public static let readerName = "line-reader.safetensors"

    /// Reads `line-detector.safetensors` and `line-reader.safetensors` in a directory.
    ///
    /// - Throws: `ArchiveError` or `ConfigurationError` naming the file.
    public init(directory: String) throws {
        self.init(
            detector: try LineDetector("\(directory)/\(Self.detectorName)"),
            reader: try LineReader("\(directory)/\(Self.readerName)"))
    }

    public func predict(_ pages: [Image]) -> [PageReading] { pages.map { read($0) } }

    /// The page's lines with text, confidence and box, in reading order; those on which nothing was read are left out.
    ///
    /// - Parameters:
    ///   - page: gray or colour, upright.
    ///   - name: what the reading calls the image, such as its path.
    ///   - whenRead: called with every line as soon as it is read, in order.
    public func read(
        _ page: Image, name: String = "", whenRead: (LineReading) -> Void = { _ in }
    ) -> PageReading {
        let gray = page.grayscale()
        let boxes = detector.predict(gray)
        var lines: [LineReading] = []
        // As many at a time as there are threads, so that the first lines need not wait for the last.
        for start in stride(from: 0, to: boxes.count, by: Threads.count) {
            let group = boxes[start..<min(start + Threads.count, boxes.count)]
            for (box, output) in zip(group, reader.predict(group.map { gray.cropped(toLine: $0) }))
            where !output.text.isEmpty {
                lines.append(LineReading(text: output.text, confidence: output.confidence, box: box))
                whenRead(lines[lines.count - 1])
            }
        }
        return PageReading(image: name, width: page.width, height: page.height, lines: lines)
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
