import Ductus

/// The images that a command is given: files, all images of directories, and standard input.
struct InputImages {
    /// The files, in the order in which they were named; those of a directory in the order of their names.
    let paths: [String]

    private static let extensions: Set = ["png", "jpg", "jpeg", "webp", "tif", "tiff", "pdf"]

    /// - Throws: `ImageError` for a directory without images.
    init(_ arguments: [String]) throws {
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

    /// Decodes page after page. What cannot be decoded is reported, and costs only itself.
    /// - Returns: the number of files and pages that could not be decoded.
    func forEachPage(_ body: (_ name: String, _ page: DecodedImage) throws -> Void) throws -> Int {
        var failures = 0
        for path in paths {
            do {
                let file =
                    path == "-"
                    ? try ImageFile(decoding: File.readBytes("/dev/stdin"), name: "standard input")
                    : try ImageFile(contentsOf: path)
                for index in 0..<file.pageCount {
                    let page: DecodedImage
                    do {
                        page = try file.page(index)
                    } catch {
                        failures += 1
                        report("ductus: \(error)")
                        continue
                    }
                    for warning in page.warnings { report("ductus: \(warning)") }
                    try body(file.name(ofPage: index), page)
                }
            } catch let error as ImageError {
                failures += 1
                report("ductus: \(error)")
            }
        }
        return failures
    }
}
