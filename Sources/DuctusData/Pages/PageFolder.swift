/// Pages with an XML file each, as ground truth for handwriting is shared: by eScriptorium, Transkribus and the data
/// sets that HTR-United lists.
///
/// The XML file is beside its image or in a folder beside it, such as `page/`; the image is the one that the file
/// names, or has the file's own name. A split is a folder; `all` is everything. XML files of other formats, such as
/// METS, are passed over.
public struct PageFolder: Sendable {
    /// Where the pages are.
    public let directory: String
    /// All pages of the split, in the order of their paths.
    public let pages: [TranscribedPage]

    /// Reads the XML files of a split, at the same time; pictures are read when they are needed.
    ///
    /// - Parameters:
    ///   - directory: where the pages are.
    ///   - format: the format of the XML files, one that can be read.
    ///   - split: a folder of the directory, or `all`.
    /// - Throws: ``DatasetError`` with file and line for anything malformed.
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
        let files = Self.files(in: root, depth: 0)
        let results = parallelMap(files.count) { index in
            Result { () throws(DatasetError) in
                do {
                    return try TranscribedPage(contentsOf: files[index], in: directory, format: format)
                } catch let error as FileError {
                    throw .unreadable(error)
                } catch {
                    throw .malformed(file: files[index], reason: "\(error)")
                }
            }
        }
        var pages: [TranscribedPage] = []
        for result in results {
            if let page = try result.get() { pages.append(page) }
        }
        guard !pages.isEmpty else { throw .missing(file: "\(root)/*.xml", remedy: DatasetError.pageFolderRemedy) }
        self.pages = pages
    }

    /// The XML files of a folder and of those in it.
    private static func files(in directory: String, depth: Int) -> [String] {
        // Links may go round in circles.
        guard depth < 8 else { return [] }
        return File.names(in: directory).flatMap { name in
            let path = "\(directory)/\(name)"
            if File.isDirectory(path) { return files(in: path, depth: depth + 1) }
            return name.lowercased().hasSuffix(".xml") ? [path] : []
        }
    }
}
