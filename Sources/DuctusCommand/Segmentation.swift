import Ductus

/// The lines of pages from ALTO or PAGE files, which a reader then reads.
final class Segmentation {
    private let path: String
    private let reader: LineReader
    private let isForOneImage: Bool
    private let pages: [(file: String, page: Page)]
    /// The number of XML files that are malformed, and of images for which there are no lines.
    private(set) var failures: Int

    /// - Parameters:
    ///   - path: an XML file, or a directory of them.
    ///   - reader: the reader of the lines.
    ///   - inputs: the images, and the files of the path. If there is only one of each, they belong together, whatever
    ///     their names are.
    /// - Throws: `FileError`, or `UsageError` for a reader that reads whole pages.
    init(_ path: String, reader: any PageRecognizer, inputs: InputImages) throws {
        guard let pageReader = reader as? PageReader else {
            throw UsageError("--segmentation requires a model that reads single lines.")
        }
        (self.path, self.reader) = (path, pageReader.reader)
        isForOneImage = inputs.paths.count == 1 && !File.isDirectory(path)
        var (pages, malformed): ([(file: String, page: Page)], Int) = ([], 0)
        for file in inputs.segmentations {
            do {
                for page in try Self.pages(contentsOf: file) { pages.append((file, page)) }
            } catch {
                guard inputs.segmentations.count > 1 else { throw error }
                report("ductus: \(error)")
                malformed += 1
            }
        }
        guard !pages.isEmpty else {
            throw FileError(file: path, reason: .system("it has no pages in ALTO or PAGE"))
        }
        (self.pages, failures) = (pages, malformed)
    }

    /// The pages of a file in any of the formats. What is malformed is reported.
    private static func pages(contentsOf file: String) throws -> [Page] {
        for format in Registries.pageFormats.all where format.isReadable {
            guard let document = try format.pages(contentsOf: file) else { continue }
            for problem in document.problems { report("Left out: \(problem)") }
            return document.pages
        }
        return []
    }

    /// The page with the lines of an image; nil, after a report, if there is none.
    func page(of input: InputImages.Page) -> Page? {
        if let page = knownPage(of: input) { return page }
        failures += 1
        report("ductus: \(input.name): there is no page for it in \(path); check the image names in that file.")
        return nil
    }

    /// Reads the lines of a page.
    func read(_ page: Page, of input: InputImages.Page, whenRead: (Page.Line) -> Void) -> Page {
        let image = input.decoded.image
        let lines = reader.read(page.fitted(to: image).lines, on: image, whenRead: whenRead)
        return Page(image: input.name, width: image.width, height: image.height, lines: lines)
    }

    /// The page that names the image; the page of an XML file of the same name; or the only page.
    private func knownPage(of input: InputImages.Page) -> Page? {
        let name = File.name(of: input.name)
        let stem = File.stem(of: input.path)
        func named(_ page: Page) -> String { File.name(of: page.image.replacing("\\", with: "/")) }
        return pages.first { named($0.page) == name }?.page
            ?? pages.first { input.count == 1 && File.stem(of: named($0.page)) == stem }?.page
            ?? pages.first { input.count == 1 && File.stem(of: $0.file) == stem }?.page
            ?? (isForOneImage && pages.count == 1 && input.count == 1 ? pages[0].page : nil)
    }
}
