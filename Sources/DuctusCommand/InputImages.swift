import Ductus

/// The images that a command is given: files, all images of directories, and standard input.
struct InputImages {
    /// The files, in the order in which they were named; those of a directory in the order of their names.
    let paths: [String]
    /// The XML files with the lines of the images, if they are given.
    let segmentations: [String]

    /// A page of a file.
    struct Page {
        /// The path of the file, or `-`.
        let path: String
        /// The name of the page in results and messages.
        let name: String
        /// The page of the file, counted from 0.
        let index: Int
        /// The number of pages of the file.
        let count: Int
        let decoded: DecodedImage
    }

    private static let extensions: Set = ["png", "jpg", "jpeg", "webp", "tif", "tiff", "pdf"]

    /// - Parameters:
    ///   - arguments: the paths of files and directories, or `-`.
    ///   - segmentation: an XML file, or a directory of them.
    /// - Throws: `ImageError` for a directory without images.
    init(_ arguments: [String], segmentation: String? = nil) throws {
        segmentations =
            segmentation.map { path in
                guard File.isDirectory(path) else { return [path] }
                return File.names(in: path).filter { $0.lowercased().hasSuffix(".xml") }.map { "\(path)/\($0)" }
            } ?? []
        paths = try arguments.flatMap { argument in
            guard argument != "-", File.isDirectory(argument) else { return [argument] }
            let directory = argument.hasSuffix("/") ? String(argument.dropLast()) : argument
            let images = File.names(in: directory).filter { name in
                guard let dot = name.lastIndex(of: ".") else { return false }
                return Self.extensions.contains(name[name.index(after: dot)...].lowercased())
            }
            guard !images.isEmpty else {
                throw ImageError.unsupported(
                    file: argument,
                    reason: "a directory without images (\(Self.extensions.sorted().joined(separator: ", ")))")
            }
            return images.map { "\(directory)/\($0)" }
        }
    }

    /// Whether a file is one of the inputs.
    func contain(_ file: String) -> Bool {
        (paths + segmentations).contains { File.isSame($0 == "-" ? "/dev/stdin" : $0, file) }
    }

    /// Decodes page after page. What cannot be decoded is reported, and costs only itself.
    ///
    /// - Parameters:
    ///   - paths: the files; all of them if nil.
    ///   - isDone: whether a page of a file is left out.
    ///   - willRead: called with the number of pages of every file before they are decoded.
    ///   - body: called with every page.
    /// - Returns: the number of files and pages that could not be decoded.
    func forEachPage(
        of paths: [String]? = nil, isDone: (_ path: String, _ index: Int, _ count: Int) -> Bool = { _, _, _ in false },
        willRead: (_ path: String, _ count: Int) throws -> Void = { _, _ in }, _ body: (_ page: Page) throws -> Void
    ) throws -> Int {
        var failures = 0
        for path in paths ?? self.paths {
            let file: ImageFile
            do {
                file =
                    path == "-"
                    ? try ImageFile(decoding: File.readBytes("/dev/stdin"), name: "standard input")
                    : try ImageFile(contentsOf: path)
            } catch let error as ImageError {
                failures += 1
                report("ductus: \(error)")
                continue
            }
            try willRead(path, file.pageCount)
            for index in 0..<file.pageCount where !isDone(path, index, file.pageCount) {
                let decoded: DecodedImage
                do {
                    decoded = try file.page(index)
                } catch {
                    failures += 1
                    report("ductus: \(error)")
                    continue
                }
                for warning in decoded.warnings { report("ductus: \(warning)") }
                try body(
                    Page(
                        path: path, name: File.shown(file.name(ofPage: index)), index: index, count: file.pageCount,
                        decoded: decoded))
            }
        }
        return failures
    }
}
