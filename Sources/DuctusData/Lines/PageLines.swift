import Synchronization

/// Lines cropped from the images of their pages.
struct PageLines: LineSource {
    /// The index of the page of each line, and of the line on it.
    private let places: [(page: Int, line: Int)]
    private let pages: [TranscribedPage]
    private let followsOutlines: Bool
    private let images = RecentPages()

    /// The lines of some pages that have an area and a text.
    init(_ pages: [TranscribedPage], followsOutlines: Bool) {
        (self.pages, self.followsOutlines) = (pages, followsOutlines)
        places = pages.enumerated().flatMap { index, page in
            page.lines.indices.filter { page.lines[$0].box.area > 0 && !page.lines[$0].text.isBlank }
                .map { (index, $0) }
        }
    }

    /// The lines of the pages that have an image, and the number of lines of the others. What is left out is reported.
    /// - Throws: ``DatasetError`` if no page with lines has an image.
    static func present(
        on pages: [TranscribedPage], followsOutlines: Bool
    ) throws(DatasetError) -> (lines: any LineSource, missingImages: Int) {
        let lines = PageLines(pages.filter(\.hasImage), followsOutlines: followsOutlines)
        let others = pages.filter { !$0.hasImage }
        let missing = PageLines(others, followsOutlines: false).count
        if lines.count == 0, missing > 0 {
            throw .missing(file: others[0].imagePath, remedy: DatasetError.pageImageRemedy)
        }
        reportLeftOut(
            others.map { "\($0.name), as its image \($0.imagePath) does not exist." }, "pages without an image")
        let blank = lines.pages.reduce(0) { $0 + $1.lines.count { $0.text.isBlank } }
        if blank > 0 { report("Left out: \(counted(blank, "line")) without a text.") }
        return (lines, missing)
    }

    var count: Int { places.count }
    func name(of index: Int) -> String { "\(source(of: index).name) \(line(at: index).id ?? "")" }
    func page(of index: Int) -> String? { source(of: index).name }
    func writer(of index: Int) -> String? { source(of: index).writer }
    func text(of index: Int) -> String { line(at: index).text }

    private func source(of index: Int) -> TranscribedPage { pages[places[index].page] }
    private func line(at index: Int) -> Page.Line { source(of: index).lines[places[index].line] }

    func line(_ index: Int) throws -> (image: Image, text: String) {
        let source = source(of: index)
        let (image, page) = try images.page(source)
        let line = page.lines[places[index].line]
        let box = line.box
        let cut =
            if followsOutlines, let outline = line.polygon {
                image.cropped(to: outline)
            } else {
                image.cropped(x: box.x, y: box.y, width: box.width, height: box.height)
            }
        guard !cut.isEmpty else {
            throw DatasetError.outside(
                line: line.id ?? "", file: source.name, width: image.width, height: image.height)
        }
        return (cut, line.text)
    }

    func ingredients(of index: Int) -> [Ingredient] {
        let (page, line) = (source(of: index), line(at: index))
        let outline = followsOutlines ? line.polygon.map { "\($0.points.map { "\($0.x) \($0.y)" })" } ?? "" : ""
        return [.file(page.imagePath), .text("\(line.box.ingredient) \(outline) \(line.text)"), page.sizeIngredient]
    }
}

/// A cache of the most recent pages, in gray and with their lines in pixels of the image, as lines are mostly read page
/// by page.
private final class RecentPages: Sendable {
    private let recent = Mutex<[(name: String, image: Image, page: Page)]>([])

    func page(_ source: TranscribedPage) throws -> (image: Image, page: Page) {
        let known = recent.withLock { $0.first { $0.name == source.name } }
        if let known { return (known.image, known.page) }
        let image = try source.image().grayscale()
        let page = source.page(on: image)
        recent.withLock { recent in
            recent.removeAll { $0.name == source.name }
            recent.append((source.name, image, page))
            if recent.count > 2 * Threads.count { recent.removeFirst() }
        }
        return (image, page)
    }
}
