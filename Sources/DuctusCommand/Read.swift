import ArgumentParser
import Ductus

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct Read: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Recognizes handwritten pages.",
        discussion: """
            Images are PNG, JPEG, WebP, TIFF, or PDF files; TIFF and PDF files may have several pages. A directory stands \
            for the images in it, and - for standard input. An image that cannot be read is reported, and the others are \
            recognized nevertheless; the exit status is then 1.
            """)

    @Argument(help: ArgumentHelp("Image files, directories, or -.", valueName: "image|dir|-"))
    var images: [String]

    @Option(help: "The format of the result.")
    var format: PageFormat = .text

    @Option(
        name: [.short, .long], help: ArgumentHelp("The output file (default: standard output).", valueName: "file"))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "A copy of the image with boxes, baselines, order, and confidence of the lines.", valueName: "file.png"))
    var overlay: String?

    @Flag(help: "Treats every image as a single line.")
    var lines = false

    @Option(
        help: ArgumentHelp(
            "A weights file, a run, or a directory with line-detector.safetensors and line-reader.safetensors "
                + "(default: the pretrained weights).",
            valueName: "dir"))
    var model: String?

    @OptionGroup var decoding: DecodingOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        for target in [output, overlay].compactMap(\.self) where images.contains(where: { File.isSame($0, target) }) {
            throw ValidationError("\(target) is an input; choose another file for the output.")
        }
        if let output, let overlay, File.isSame(output, overlay) {
            throw ValidationError("--output and --overlay must be different files.")
        }
    }

    func run() throws {
        common.apply()
        let inputs = try InputImages(images)
        if overlay != nil, inputs.paths.count > 1 { throw ValidationError("--overlay requires a single image.") }
        var reader: any PageRecognizer = try model.map { try pageRecognizer($0) } ?? PageReader.pretrained()
        if let language = decoding.language { try reader.use(language: language) }
        if let decoding = decoding.decoding { reader.decoding = decoding }
        // Text is printed line by line.
        let prints = format.name == PageFormat.text.name && output == nil
        var pages: [Page] = []
        let failures = try inputs.forEachPage { name, decoded in
            // The first page's picture must not be replaced by the next one's.
            if overlay != nil, !pages.isEmpty {
                throw ValidationError("--overlay requires a single page; \(name) is another one.")
            }
            if prints, !pages.isEmpty { try printResult("\u{0C}") }
            let page = try recognize(decoded, name: name, with: reader, printing: prints)
            if page.lines.isEmpty, decoded.image.grayscale().hasWriting {
                report(
                    "ductus: \(name): no lines were found, although something is written; "
                        + (lines ? "check that it is upright." : "if it is a single line, use --lines."))
            }
            if let overlay { try page.drawn(on: decoded.image, reduction: decoded.reduction).writePNG(to: overlay) }
            pages.append(page)
        }
        if !prints, !pages.isEmpty {
            let text = try format.render(pages, created: .now)
            if let output { try File.write(Array(text.utf8), to: output) } else { try printResult(text) }
        }
        if failures > 0 { stop(1) }
    }

    private func recognize(
        _ decoded: DecodedImage, name: String, with reader: any PageRecognizer, printing: Bool
    ) throws -> Page {
        var failure: (any Error)?
        let page =
            lines
            ? reader.readLine(decoded.image, name: name)
            : reader.read(decoded.image, name: name) { line in
                guard printing, failure == nil else { return }
                do { try printResult(line.text + "\n") } catch { failure = error }
            }
        if let failure { throw failure }
        if lines, printing { try printResult(format.render([page])) }
        return page.scaled(by: decoded.reduction, width: decoded.width, height: decoded.height)
    }
}

extension PageFormat: ExpressibleByArgument {
    public init?(argument: String) {
        guard let format = Registries.pageFormats[argument.lowercased()] else { return nil }
        self = format
    }

    public static var allValueStrings: [String] { Registries.pageFormats.names }
    public var defaultValueDescription: String { name }
}
