/// Augmented pages for training line detection: several views of each page, first the page as it is evaluated, then
/// views with other margins, scales and positions on the square.
///
/// Views are resampled from the pixels of the page and maps are drawn from the boxes, so edges are as sharp as in
/// evaluation; distorting maps of 256 × 256 pixels would move them by up to half a pixel. View v of page p depends on
/// the seed, v and p alone.
public struct VariedPages<Pages: Dataset>: Dataset where Pages.Raw == (page: Image, lines: [Box]) {
    /// The pages.
    public let pages: Pages
    /// The number of views of every page.
    public let views: Int
    /// The preprocessing of maps.
    public let input: DetectionInput
    /// The seed of the views.
    public let seed: UInt64
    private let stream: RandomStream

    /// Views of pages.
    ///
    /// - Parameters:
    ///   - pages: the pages.
    ///   - views: the number of views of every page; the first is the page itself.
    ///   - input: the preprocessing of maps.
    ///   - seed: the seed of the views.
    public init(_ pages: Pages, views: Int, input: DetectionInput = DetectionInput(), seed: UInt64 = 1) {
        precondition(views > 0, "Every page needs at least one view; got \(views).")
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
