/// Pages to learn line detection from, each seen several times: first as it is measured, then smaller, with more or
/// less paper around its lines and elsewhere on the square.
///
/// Pages are scaled from their own pixels every time, and maps are drawn from the boxes themselves, so edges are as
/// sharp as they are in what a detector is measured by; distorting maps of 256 × 256 would move them by up to half a
/// pixel. View number v of page p depends on the seed, v and p alone.
public struct VariedPages<Pages: Dataset>: Dataset where Pages.Raw == (page: Image, lines: [Box]) {
    /// The pages.
    public let pages: Pages
    /// How often every page is seen.
    public let views: Int
    /// How a map becomes a detector's input.
    public let input: DetectionInput
    /// What the views follow from.
    public let seed: UInt64
    private let stream: RandomStream

    /// - Parameters:
    ///   - pages: What is looked at.
    ///   - views: How often; the first view is the usual one.
    ///   - input: How maps become inputs.
    ///   - seed: What the views depend on.
    public init(_ pages: Pages, views: Int, input: DetectionInput = DetectionInput(), seed: UInt64 = 1) {
        precondition(views > 0, "Every page is seen at least once; views is \(views).")
        (self.pages, self.views, self.input) = (pages, views, input)
        (self.seed, stream) = (seed, RandomStream(seed: seed))
    }

    public var count: Int { pages.count * views }
    public var expectation: Expectation { pages.expectation }

    public func name(of index: Int) -> String { pages.name(of: index % pages.count) }

    public func raw(_ index: Int) throws -> (page: Image, lines: [Box], index: Int) {
        let (page, lines) = try pages.raw(index % pages.count)
        return (page, lines, index)
    }

    public func transform(_ raw: (page: Image, lines: [Box], index: Int), name: String) -> Example {
        var geometry = DetectionGeometry(pageWidth: raw.page.width, pageHeight: raw.page.height, lines: raw.lines)
        if raw.index >= pages.count {
            var random = stream.split(raw.index)
            geometry = geometry.varied(
                pageWidth: raw.page.width, pageHeight: raw.page.height, using: &random)
        }
        return DetectionSample(page: raw.page, lines: raw.lines, geometry: geometry).example(input)
    }
}
