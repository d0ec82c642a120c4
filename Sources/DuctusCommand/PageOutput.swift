import Ductus

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where the pages that a command reads are written to: standard output, a file, or a directory with a file for each.
struct PageOutput {
    let format: PageFormat
    private let target: Target
    private var pages: [Page] = []
    private var images: [EncodedImage] = []
    private var written: Set<String> = []

    private enum Target {
        case standardOutput
        case file(String)
        case directory(String)
    }

    /// - Parameters:
    ///   - path: a file; a directory that exists, or a path that ends in a slash; nil for standard output.
    ///   - inputs: the images, none of which is overwritten.
    /// - Throws: `ValidationError` if a file would be written twice or is an input.
    init(_ path: String?, format: PageFormat, inputs: InputImages) throws {
        self.format = format
        target =
            path.map { path in
                guard path.hasSuffix("/") || File.isDirectory(path) else { return .file(path) }
                return .directory(path.hasSuffix("/") ? String(path.dropLast()) : path)
            } ?? .standardOutput
        switch target {
        case .standardOutput: break
        case .file(let path): try Self.check(path, inputs)
        case .directory:
            var sources: [String: String] = [:]
            for source in inputs.paths {
                let file = file(for: source, number: "")
                try Self.check(file, inputs)
                if let other = sources.updateValue(source, forKey: file) {
                    throw UsageError(
                        "\(other) and \(source) would both be written to \(file); read them into different directories."
                    )
                }
            }
        }
    }

    /// - Throws: `UsageError` if a file is an input.
    static func check(_ path: String, _ inputs: InputImages) throws(UsageError) {
        guard !inputs.contain(path) else {
            throw UsageError("\(path) is an input; choose another file for the output.")
        }
    }

    /// The largest number of pages that can be written.
    var maximumPages: Int? { if case .directory = target { nil } else { format.maximumPages } }

    /// Whether every page is written to a file of its own.
    var isDirectory: Bool { if case .directory = target { true } else { false } }

    /// Whether the lines of a page are printed as soon as they are read.
    var printsLines: Bool {
        if case .standardOutput = target { format.name == PageFormat.text.name } else { false }
    }

    /// Whether a file gets the pages that have been added.
    var hasPages: Bool { !pages.isEmpty }

    /// The file for a page in a directory: the name of the image, the number of its page, the extension of the format.
    private func file(for source: String, number: String) -> String {
        guard case .directory(let directory) = target else { preconditionFailure("The output is no directory.") }
        let stem = source == "-" ? "stdin" : File.stem(of: source)
        return "\(directory)/\(stem)\(number).\(format.fileExtension)"
    }

    /// The file for a page in a directory.
    private func file(for source: String, index: Int, of count: Int) -> String {
        let (digits, number) = ("\(count)".count, "\(index + 1)")
        let padding = String(repeating: "0", count: digits - number.count)
        return file(for: source, number: count > 1 ? "-\(padding)\(number)" : "")
    }

    /// Whether a page has been written to a directory. Files are written as a whole, so that it is complete.
    func hasFile(for source: String, index: Int, of count: Int) -> Bool {
        isDirectory && File.exists(file(for: source, index: index, of: count))
    }

    /// Keeps a page that another rank has read.
    mutating func add(_ page: Page, from source: String) {
        switch target {
        case .directory: break
        case .file(let file): pages.append(linked(page, source, from: file))
        case .standardOutput: pages.append(page)
        }
    }

    /// Writes a page, or keeps it until all pages are there.
    mutating func add(_ page: Page, of input: InputImages.Page, in inputs: InputImages) throws {
        let image = format.embedsImages ? [try EncodedImage(input.decoded)] : []
        switch target {
        case .directory(let directory):
            let file = file(for: input.path, index: input.index, of: input.count)
            try Self.check(file, inputs)
            guard written.insert(file).inserted else {
                throw UsageError("\(file) has another page already; read \(input.path) into a different directory.")
            }
            try File.createDirectory(directory)
            try File.write(document([linked(page, input.path, from: file)], image), to: file)
        case .file(let file):
            pages.append(linked(page, input.path, from: file))
            images += image
        case .standardOutput:
            pages.append(page)
            images += image
        }
    }

    /// Writes the pages that were kept.
    func finish() throws {
        guard hasPages else { return }
        switch target {
        case .directory: break
        case .file(let file): try File.write(document(pages, images), to: file)
        case .standardOutput: try printResult(document(pages, images))
        }
    }

    private func document(_ pages: [Page], _ images: [EncodedImage]) throws -> [UInt8] {
        try format.document(pages, images: images, created: .now)
    }

    private func linked(_ page: Page, _ source: String, from file: String) -> Page {
        format.linksToImages && source != "-" ? page.linked(from: file) : page
    }
}
