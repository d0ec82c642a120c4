/// A page, possibly turned, with its lines, of which the longest have been read.
struct PageSighting {
    /// The lines in pixels of the turned page.
    let lines: [LineGeometry]
    /// The mean confidence with which the longest lines are read; 0 without lines.
    let confidence: Double
    private let quarters: Int
    private let size: SIMD2<Double>
    private let sheet: PreparedPage?
    private let outputs: [Int: LineReader.Output]

    /// The confidence from which on a page counts as upright; lines upside down are rarely read with more.
    static let leastConfidence = 0.82
    /// The confidence with which lines across the direction of writing are read at most.
    static let mostConfidenceAcross = 0.7
    /// The number of lines that are read to see whether a page is upright.
    private static let probes = 3

    /// - Parameters:
    ///   - page: a gray page.
    ///   - quarters: the clockwise quarter turns after which it is looked at.
    ///   - detector: what finds its lines.
    ///   - reader: what reads them.
    init(_ page: Image, turnedBy quarters: Int, detector: any PageSegmenter, reader: LineReader) {
        let turned = page.turned(quarters: quarters)
        self.init(turned, turnedBy: quarters, lines: detector.lines(on: turned), reader: reader)
    }

    /// - Parameters:
    ///   - turned: a gray page after its quarter turns.
    ///   - quarters: how many they were.
    ///   - lines: its lines.
    ///   - reader: what reads them.
    init(_ turned: Image, turnedBy quarters: Int, lines: [LineGeometry], reader: LineReader) {
        (self.lines, self.quarters) = (lines, quarters)
        let size = SIMD2(Double(turned.width), Double(turned.height))
        self.size = quarters & 1 == 0 ? size : SIMD2(size.y, size.x)
        let sheet = PreparedPage(turned, lines)
        let longest = Array(lines.indices.sorted { lines[$0].length > lines[$1].length }.prefix(Self.probes))
        let read = sheet.map { sheet in reader.predict(longest.map { sheet.image(of: lines[$0]) }) } ?? []
        self.sheet = sheet
        outputs = Dictionary(uniqueKeysWithValues: zip(longest, read))
        confidence =
            read.isEmpty ? 0 : read.reduce(0) { $0 + ($1.text.isEmpty ? 0 : $1.confidence) } / Double(read.count)
    }

    /// The texts of some lines.
    func read(_ indices: Range<Int>, with reader: LineReader) -> [LineReader.Output] {
        guard let sheet else { return [] }
        let missing = indices.filter { outputs[$0] == nil }
        let read = Dictionary(
            uniqueKeysWithValues: zip(missing, reader.predict(missing.map { sheet.image(of: lines[$0]) })))
        return indices.compactMap { outputs[$0] ?? read[$0] }
    }

    /// A line with its text, in pixels of the page as it was given; nil if it is outside.
    func line(_ index: Int, _ output: LineReader.Output) -> Page.Line? {
        let geometry = lines[index]
        let margin = geometry.height * PreparedPage.margin
        let words = output.words.map { word in
            // Spans are fractions of the straightened image, which is longer than the baseline.
            let ends = [word.span.lowerBound, word.span.upperBound].map {
                $0 * (geometry.length + 2 * margin) - margin
            }
            let place = geometry.part(from: ends[0], to: ends[1]).mapped(original)
            return Page.Word(text: word.text, confidence: word.confidence, box: place.box)
        }
        let line = Page.Line(
            geometry.mapped(original), text: output.text, confidence: output.confidence, words: words)
        return line.clipped(width: Int(size.x), height: Int(size.y))
    }

    /// The point of the page as it was given.
    private func original(_ point: SIMD2<Double>) -> SIMD2<Double> {
        switch quarters & 3 {
        case 1: SIMD2(point.y, size.y - point.x)
        case 2: size - point
        case 3: SIMD2(size.x - point.y, point.x)
        default: point
        }
    }
}

extension [LineGeometry] {
    /// The index of the only long line.
    var onlyLine: Int? {
        guard let longest = indices.max(by: { self[$0].length < self[$1].length }) else { return nil }
        let isAlone = indices.allSatisfy { $0 == longest || self[$0].length * 4 < self[longest].length }
        return isAlone ? longest : nil
    }
}

/// A gray page whose lines are cut out: dark on light, on an even background, neither larger nor much smaller than needed.
private struct PreparedPage {
    private let image: Image
    private let scale: SIMD2<Double>

    /// The height to which taller lines are scaled down, which costs the reader nothing.
    private static let tallestLine = 96.0

    /// The height below which lines are enlarged, and that to which they are, by curves rather than straight lines.
    private static let shortestLine = 28.0
    private static let enlargedLine = 36.0
    /// The largest scale, which keeps a page with tiny lines from becoming huge.
    private static let largestScale = 2.5

    /// The length from which on a straight line is no stroke, in heights of lines.
    private static let shortestRule = 2.5

    /// A gray page with some lines; nil if there are none.
    init?(_ page: Image, _ lines: [LineGeometry]) {
        guard let height = lines.medianHeight else { return nil }
        let factor =
            height < Self.shortestLine
            ? min(Self.enlargedLine / height, Self.largestScale) : min(Self.tallestLine / height, 1)
        let small =
            factor == 1
            ? page
            : page.resized(
                width: max(Int(Double(page.width) * factor), 1), height: max(Int(Double(page.height) * factor), 1),
                method: .bicubic)
        scale = SIMD2(Double(small.width) / Double(page.width), Double(small.height) / Double(page.height))
        // Blocks about as high as small letters: larger ones miss the edges of shadows.
        let flat = (small.isLightOnDark ? small.inverted() : small)
            .flatteningBackground(block: max(Int(height * factor * 0.5), 8)).sharpened()
        let angles = lines.map(\.angle).sorted()
        let (angle, length) = (angles[angles.count / 2], Int(height * factor * Self.shortestRule))
        image = flat.hasRules(length: length, angle: angle) ? flat.withoutRules(length: length, angle: angle) : flat
    }

    /// The straightened image of a line, with room for strokes that reach farther than most: the detector gives the
    /// height of nearly all ink, the reader was trained on lines with all of it.
    func image(of line: LineGeometry) -> Image {
        var line = line.mapped { $0 * scale }
        let margin = line.height * Self.margin
        (line.ascent, line.descent) = (line.ascent * 1.3, line.descent * 1.6)
        return image.rectified(along: line, margin: margin)
    }

    /// What is added at both ends of a line, as a share of its height.
    static let margin = 0.55
}
