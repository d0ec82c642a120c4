/// Recognizes pages in two steps: finds the lines, then straightens and recognizes each of them.
///
/// ```swift
/// let page = try PageReader.pretrained().read(Image(contentsOf: "page.png"))
/// for line in page.lines { print(line.text, line.confidence, line.baseline) }
/// ```
///
/// Stains, edges of paper and patterns may look like lines, but are not read with confidence: lines with a confidence below
/// 0.3, and those of one or two characters with one below 0.5, are left out.
public struct PageReader: PageRecognizer {
    /// What finds the lines.
    public var detector: any PageSegmenter
    /// The line reader.
    public var reader: LineReader
    /// The decoding of the line reader.
    public var decoding: Decoding {
        get { reader.decoding }
        set { reader.decoding = newValue }
    }
    /// The decoding that the line reader uses.
    public var effectiveDecoding: Decoding { reader.effectiveDecoding }

    /// Combines a detector and a line reader.
    public init(detector: any PageSegmenter, reader: LineReader) { (self.detector, self.reader) = (detector, reader) }

    /// The name of the detector's weights file in a directory with both.
    public static let detectorName = "baseline-detector.safetensors"
    /// The name of the reader's weights file in a directory with both.
    public static let readerName = "line-reader.safetensors"

    /// Reads `line-reader.safetensors` and `baseline-detector.safetensors` from a directory; if it has no detector of
    /// baselines, `line-detector.safetensors`.
    ///
    /// - Throws: `FileError`, `ArchiveError`, or `ConfigurationError` naming the file.
    public init(directory: String) throws {
        let baselines = "\(directory)/\(Self.detectorName)"
        let boxes = "\(directory)/\(LineDetector.fileName)"
        self.init(
            detector: !File.exists(baselines) && File.exists(boxes)
                ? try LineDetector(boxes) : try BaselineDetector(baselines),
            reader: try LineReader("\(directory)/\(Self.readerName)"))
    }

    public func read(_ page: Image, name: String, whenRead: (Page.Line) -> Void) -> Page {
        let sighting = upright(page.grayscale())
        var lines: [Page.Line] = []
        // The first two by themselves, so that they are reported early.
        var rest = sighting.lines.indices
        while !rest.isEmpty {
            let group = rest.prefix(lines.isEmpty ? 2 : LineReader.batchSize)
            rest = rest.dropFirst(group.count)
            for (index, output) in zip(group, sighting.read(group, with: reader)) where output.isWriting {
                guard let line = sighting.line(index, output) else { continue }
                lines.append(line)
                whenRead(line)
            }
        }
        return Page(image: name, width: page.width, height: page.height, lines: lines)
    }

    /// The page as it is or, if its longest lines cannot be read with confidence, turned by the quarter turns with which
    /// they are read best.
    private func upright(_ page: Image) -> PageSighting {
        func sighting(_ quarters: Int) -> PageSighting {
            PageSighting(page, turnedBy: quarters, detector: detector, reader: reader)
        }
        var best = sighting(0)
        guard best.confidence < PageSighting.leastConfidence else { return best }
        for quarters in best.confidence > PageSighting.mostConfidenceAcross ? [2] : [1, 3, 2] {
            let other = sighting(quarters)
            if other.confidence > best.confidence + 0.05 { best = other }
            if best.confidence > PageSighting.leastConfidence { break }
        }
        return best
    }

    /// Recognizes an image of a single line. If it is much higher than the line, the line is found first.
    public func readLine(_ image: Image, name: String) -> Page {
        let gray = image.grayscale()
        let lines = detector.lines(on: gray)
        if let index = lines.onlyLine, lines[index].height * 1.4 < Double(image.height) {
            let found = PageSighting(gray, turnedBy: 0, lines: lines, reader: reader)
            let line = found.read(index..<index + 1, with: reader).first.flatMap { found.line(index, $0) }
            return Page(
                image: name, width: image.width, height: image.height, lines: line.map { [$0] } ?? [])
        }
        let output = reader.predict(gray)
        let box = Box(x: 0, y: 0, width: image.width, height: image.height)
        let line = Page.Line(text: output.text, confidence: output.confidence, box: box)
        return Page(
            image: name, width: image.width, height: image.height, lines: output.text.isEmpty ? [] : [line])
    }
}

extension LineReader.Output {
    /// Whether what was read is writing.
    fileprivate var isWriting: Bool { !text.isEmpty && confidence >= (text.count > 2 ? 0.3 : 0.5) }
}
