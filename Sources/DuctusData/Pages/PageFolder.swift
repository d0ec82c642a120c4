/// Pages with an XML file each, the form in which eScriptorium, Transkribus and the data sets listed by HTR-United
/// share ground truth.
///
/// The XML file is in the folder of its image or in a folder next to it, such as `page/`. The image is the one that the
/// file refers to, or has the same name. A split is a folder; `all` is everything. XML files in other formats, such as
/// METS, are skipped.
public struct PageFolder: Sendable {
    /// The directory of the pages.
    public let directory: String
    /// All pages of the split, in the order of their paths.
    public let pages: [TranscribedPage]

    /// Reads the XML files of a split in parallel; images are read on demand.
    ///
    /// - Parameters:
    ///   - directory: the directory of the pages.
    ///   - format: a format that can be read.
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

    /// The XML files of a folder and its subfolders.
    private static func files(in directory: String, depth: Int) -> [String] {
        // Symbolic links may form cycles.
        guard depth < 8 else { return [] }
        return File.names(in: directory).flatMap { name in
            let path = "\(directory)/\(name)"
            if File.isDirectory(path) { return files(in: path, depth: depth + 1) }
            return name.lowercased().hasSuffix(".xml") ? [path] : []
        }
    }
}
