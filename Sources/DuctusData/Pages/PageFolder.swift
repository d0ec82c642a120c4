/// Pages with an XML file each, the form in which eScriptorium, Transkribus and the data sets listed by HTR-United
/// share ground truth.
///
/// The image of a page is the one that its file refers to: at that path, or in the folder of the file, in folders within
/// it, or in folders next to it, such as `images/` next to `alto/`. Failing that, an image of the same name with another
/// extension is taken. A split is a folder; `all` is everything. XML files in other formats, such as METS, are skipped.
public struct PageFolder: Sendable {
    /// The directory of the pages.
    public let directory: String
    /// All pages of the split, in the order of their paths.
    public let pages: [TranscribedPage]
    /// What is malformed and was left out: files, lines, or parts of lines.
    public let problems: [FileError]

    /// Reads the XML files of a split in parallel; images are read on demand.
    ///
    /// - Parameters:
    ///   - directory: the directory of the pages.
    ///   - format: a format that can be read.
    ///   - split: a folder of the directory, or `all`.
    /// - Throws: ``DatasetError`` if there is no such split, or no page in it; with file and line, if that is because
    ///   all files are malformed.
    public init(directory: String, format: PageFormat, split: String = "all") throws(DatasetError) {
        self.directory = directory
        let folders = File.names(in: directory).filter { File.isDirectory("\(directory)/\($0)") }
        guard split == "all" || folders.contains(split) else {
            guard File.isDirectory(directory) else {
                throw .missing(file: directory, remedy: DatasetError.pageFolderRemedy)
            }
            throw .unknownSplit(name: split, file: directory, available: folders + ["all"])
        }
        let root = split == "all" ? directory : "\(directory)/\(split)"
        let images = PageImageIndex(directory: directory)
        let files = images.documents.filter { $0.hasPrefix("\(root)/") }
        let documents = parallelMap(files.count) { index -> PageDocument in
            var document = PageDocument(pages: [])
            do throws(FileError) {
                document = try format.pages(contentsOf: files[index]) ?? document
            } catch {
                document.problems.append(error)
            }
            return document
        }
        var pages: [TranscribedPage] = []
        for (file, document) in zip(files, documents) {
            for (index, page) in document.pages.enumerated() {
                let isOnly = document.pages.count == 1
                let image = images.image(named: page.image, of: file, isOnly: isOnly)
                pages.append(
                    TranscribedPage(
                        name: isOnly ? file : "\(file)[\(index + 1)]", imagePath: image.path, imagePage: image.page,
                        page: page))
            }
        }
        problems = documents.flatMap(\.problems)
        if pages.isEmpty {
            if let problem = problems.first { throw .unreadable(problem) }
            throw .missing(file: "\(root)/*.xml", remedy: DatasetError.pageFolderRemedy)
        }
        self.pages = pages
    }

    /// The folders of a directory that have XML files; `all` if the directory has some of its own, or no folder has any.
    public static func splitNames(in directory: String) -> [String] {
        func hasXML(_ path: String, depth: Int = 0) -> Bool {
            File.names(in: path).contains { name in
                name.lowercased().hasSuffix(".xml")
                    || depth < 7 && File.isDirectory("\(path)/\(name)") && hasXML("\(path)/\(name)", depth: depth + 1)
            }
        }
        let names = File.names(in: directory)
        guard !names.contains(where: { $0.lowercased().hasSuffix(".xml") }) else { return ["all"] }
        let folders = names.filter { File.isDirectory("\(directory)/\($0)") && hasXML("\(directory)/\($0)") }
        return folders.isEmpty ? ["all"] : folders
    }
}
