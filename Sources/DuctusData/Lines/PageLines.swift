import Synchronization

/// Lines cropped from the images of their pages.
struct PageLines: LineSource {
    let lines: [(page: TranscribedPage, line: Page.Line)]
    let followsOutlines: Bool
    private let images = PageImages()

    /// The lines of some pages that have an area and a text.
    init(_ pages: [TranscribedPage], followsOutlines: Bool) {
        self.followsOutlines = followsOutlines
        lines = pages.flatMap { page in
            page.lines.filter { $0.box.area > 0 && !$0.text.isEmpty }.map { (page, $0) }
        }
    }

    /// The lines of the pages that have an image, and the number of lines of the others.
    static func present(
        on pages: [TranscribedPage], followsOutlines: Bool
    ) -> (lines: any LineSource, missingImages: Int) {
        let missing = PageLines(pages.filter { !$0.hasImage }, followsOutlines: false).count
        return (PageLines(pages.filter(\.hasImage), followsOutlines: followsOutlines), missing)
    }

    var count: Int { lines.count }
    func name(of index: Int) -> String { "\(lines[index].page.name) \(lines[index].line.id ?? "")" }

    func line(_ index: Int) throws -> (image: Image, text: String) {
        let (page, line) = lines[index]
        let image = try images.image(of: page)
        let box = line.box
        let cut =
            if followsOutlines, let outline = line.polygon {
                image.cropped(to: outline)
            } else {
                image.cropped(x: box.x, y: box.y, width: box.width, height: box.height)
            }
        guard !cut.isEmpty else {
            throw DatasetError.outside(line: line.id ?? "", file: page.name, width: image.width, height: image.height)
        }
        return (cut, line.text)
    }

    func text(of index: Int) -> String { lines[index].line.text }

    func ingredients(of index: Int) -> [Ingredient] {
        let (page, line) = lines[index]
        let outline = followsOutlines ? line.polygon.map { "\($0.points.map { "\($0.x) \($0.y)" })" } ?? "" : ""
        return [.file(page.imagePath), .text("\(line.box.ingredient) \(outline) \(line.text)")]
    }
}

/// A cache of the most recent pages, in gray, as lines are mostly read page by page.
private final class PageImages: Sendable {
    private let recent = Mutex<[(path: String, image: Image)]>([])

    func image(of page: TranscribedPage) throws -> Image {
        let path = page.imagePath
        if let image = recent.withLock({ $0.first { $0.path == path }?.image }) { return image }
        let image = try page.image().grayscale()
        recent.withLock { recent in
            recent.removeAll { $0.path == path }
            recent.append((path, image))
            if recent.count > 2 * Threads.count { recent.removeFirst() }
        }
        return image
    }
}
