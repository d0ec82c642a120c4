import ArgumentParser
import Ductus

struct Read: DistributedCommand {
    static let configuration = CommandConfiguration(
        abstract: "Recognizes handwritten pages.",
        discussion: """
            Images are PNG, JPEG, WebP, TIFF, or PDF files; TIFF and PDF files may have several pages. A directory stands \
            for the images in it, and - for standard input. An image that cannot be read is reported, and the others are \
            recognized nevertheless; the exit status is then 1. With a directory as --output every page becomes a file, \
            named after its image. ALTO, PAGE and hOCR name images as seen from the output file.
            """)

    @Argument(help: ArgumentHelp("Image files, directories, or -.", valueName: "image|dir|-"))
    var images: [String]

    @Option(help: "The format of the result.")
    var format: PageFormat = .text

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "The output file, or a directory for a file per page (default: standard output).", valueName: "file|dir"))
    var output: String?

    @Flag(help: "Leaves out pages whose file is in the output directory already, as after an interruption.")
    var skipExisting = false

    @Option(
        help: ArgumentHelp(
            "A copy of the image with boxes, baselines, order, and confidence of the lines.", valueName: "file.png"))
    var overlay: String?

    @Flag(help: "Treats every image as a single line.")
    var lines = false

    @Option(
        help: ArgumentHelp(
            "An ALTO or PAGE file, or a directory of them, with the lines to read (default: they are detected).",
            valueName: "file.xml|dir"))
    var segmentation: String?

    @Option(
        help: ArgumentHelp(
            "A weights file, a run, a directory with baseline-detector.safetensors and line-reader.safetensors, or open: "
                + "the pretrained weights for any use (default: the most accurate, for research).",
            valueName: "dir|open"))
    var model: String?

    @OptionGroup var decoding: DecodingOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if let output, let overlay, output == overlay || File.isSame(output, overlay) {
            throw ValidationError("--output and --overlay must be different files.")
        }
        if lines, segmentation != nil { throw ValidationError("--lines and --segmentation exclude each other.") }
    }

    func run() throws {
        common.apply()
        let inputs = try InputImages(images, segmentation: segmentation)
        var result = try PageOutput(output, format: format, inputs: inputs)
        if let overlay { try PageOutput.check(overlay, inputs) }
        if inputs.paths.count > 1 { try checkCount(inputs.paths.count, result) }
        if skipExisting, !result.isDirectory {
            throw UsageError("--skip-existing requires a directory as --output.")
        }
        var reader: any PageRecognizer = try model.map { try pageRecognizer($0) } ?? PageReader.pretrained()
        if let language = decoding.language { try reader.use(language: language) }
        if let decoding = decoding.decoding { reader.decoding = decoding }
        let lineSource = try segmentation.map { try Segmentation($0, reader: reader, inputs: inputs) }
        var isFirst = true
        func read(_ input: InputImages.Page, printing: Bool) throws -> Page? {
            let known = lineSource?.page(of: input)
            if lineSource != nil, known == nil { return nil }
            if printing, !isFirst { try printResult("\u{0C}") }
            isFirst = false
            let page = try recognize(input, printing: printing) { image, show in
                if let lineSource, let known { return lineSource.read(known, of: input, whenRead: show) }
                guard lines else { return reader.read(image, name: input.name, whenRead: show) }
                let page = reader.readLine(image, name: input.name)
                page.lines.forEach(show)
                return page
            }
            if let overlay {
                try page.drawn(on: input.decoded.image, reduction: input.decoded.reduction).writePNG(to: overlay)
            }
            return page
        }
        var failures = 0
        if Job.communicator.size > 1 {
            failures = try readTogether(inputs, &result, malformed: lineSource?.failures ?? 0) { input in
                let before = lineSource?.failures ?? 0
                return (try read(input, printing: false), (lineSource?.failures ?? 0) - before)
            }
        } else {
            failures = try inputs.forEachPage {
                isDone($0, $1, of: $2, in: result)
            } willRead: { _, count in
                try checkCount(count, result)
            } _: { input in
                let page = try read(input, printing: result.printsLines)
                if let page, !result.printsLines { try result.add(page, of: input, in: inputs) }
            }
            failures += lineSource?.failures ?? 0
        }
        try result.finish()
        if failures > 0 { stop(1) }
    }

    /// Whether a page is left out since it has been written before.
    func isDone(_ path: String, _ index: Int, of count: Int, in result: PageOutput) -> Bool {
        skipExisting && result.hasFile(for: path, index: index, of: count)
    }

    /// Refuses several pages before the first is read, where only one can be written.
    func checkCount(_ count: Int, _ result: PageOutput) throws {
        if overlay != nil, count > 1 { throw ValidationError("--overlay requires a single page, not \(count).") }
        if let maximum = result.maximumPages, count > maximum {
            throw ValidationError(
                "A file of the format \(format.name) holds one page, but there are \(count); give --output a directory."
            )
        }
    }

    private func recognize(
        _ input: InputImages.Page, printing: Bool, read: (_ image: Image, _ whenRead: (Page.Line) -> Void) -> Page
    ) throws -> Page {
        var failure: (any Error)?
        let page = read(input.decoded.image) { line in
            guard printing, failure == nil else { return }
            do { try printResult(line.text + "\n") } catch { failure = error }
        }
        if let failure { throw failure }
        if page.lines.isEmpty, segmentation == nil, input.decoded.image.grayscale().hasWriting {
            report(
                "ductus: \(input.name): no lines were found, although something is written; "
                    + (lines ? "check that it is upright." : "if it is a single line, use --lines."))
        }
        return page.scaled(by: input.decoded.reduction, width: input.decoded.width, height: input.decoded.height)
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
