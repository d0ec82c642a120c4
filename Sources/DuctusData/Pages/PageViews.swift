/// Views of pages for training a detector of baselines: other layouts, papers, lights and cameras, at random.
///
/// A view shows a page as it is, or lines of several pages in a new layout, on plain, ruled or squared paper, on a desk or
/// before a black border, in uneven light, turned by up to 12°, curled, tilted, blurred and compressed; and now and then
/// nothing but paper. View n of an epoch depends on the seed, the epoch, n and the pages alone.
package struct PageViews: Sendable {
    /// The pages of every data set, with lines at most ``tallest`` pixels high. Data sets are drawn equally often.
    let sets: [[InkPage]]
    /// The width and height of views in pixels.
    package let side: Int
    /// The preprocessing of views.
    package let input: BaselineInput
    private let seed: UInt64

    /// The range of heights of lines in a view, in pixels.
    private static let heights = 8.0...34.0
    /// The tallest lines that are kept.
    package static let tallest = 36.0

    /// Views of the pages of some data sets.
    package init(_ sets: [[InkPage]], side: Int, input: BaselineInput, seed: UInt64) {
        self.sets = sets.map { $0.filter { !$0.lines.isEmpty } }.filter { !$0.isEmpty }
        (self.side, self.input, self.seed) = (side, input, seed)
        precondition(!self.sets.isEmpty, "Views need at least one page with lines.")
    }

    /// A view as a training example.
    package func example(_ index: Int, epoch: Int) -> Example {
        let (image, lines) = view(index, epoch: epoch)
        let labels = BaselineTarget.labels(of: lines, height: side, width: side)
        return Example(input: input.tensor(image), labels: Tensor(labels, shape: [side, side]))
    }

    /// A view in gray, and the lines on it.
    package func view(_ index: Int, epoch: Int) -> (image: Image, lines: [LineGeometry]) {
        var random = RandomStream(seed: seed).split(epoch).split(index)
        let height =
            Self.heights.lowerBound
            * power(Self.heights.upperBound / Self.heights.lowerBound, random.uniform())
        var sheet = sheet(lineHeight: height, using: &random)
        if random.uniform() < 0.12 { sheet.drawFrames(lineHeight: height, using: &random) }
        let scene = PageScene(sheet: sheet, side: side, lineHeight: height, using: &random)
        return scene.photographed(using: &random)
    }

    private func page(using random: inout RandomStream) -> InkPage {
        let pages = sets[Int(random.next() % UInt64(sets.count))]
        return pages[Int(random.next() % UInt64(pages.count))]
    }

    private func sheet(lineHeight: Double, using random: inout RandomStream) -> PageSheet {
        let kind = random.uniform()
        if kind < 0.04 { return PageSheet(height: side, width: side) }
        if kind < 0.6 {
            let page = page(using: &random)
            return PageSheet(page, scale: lineHeight / (page.lineHeight ?? lineHeight))
        }
        return PageSheet(
            side: side, lineHeight: lineHeight, pages: (0..<3).map { _ in page(using: &random) }, using: &random)
    }
}
