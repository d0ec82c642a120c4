import ArgumentParser
import Ductus

struct Read: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Recognizes handwritten pages.")

    @Argument(help: "PNG or JPEG files.")
    var images: [String]

    @Option(help: "The format of the result.")
    var format: PageFormat = .text

    @Option(help: ArgumentHelp("The output file (default: standard output).", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("A copy of the image with the boxes of the lines.", valueName: "file.png"))
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
        if overlay != nil, images.count > 1 { throw ValidationError("--overlay requires a single image.") }
    }

    func run() throws {
        common.apply()
        var reader: any PageRecognizer = try model.map { try pageRecognizer($0) } ?? PageReader.pretrained()
        reader.decoding = decoding.decoding
        // Text is printed line by line.
        let prints = format.name == PageFormat.text.name && output == nil
        var pages: [Page] = []
        for path in images {
            let image = try Image(contentsOf: path)
            if prints, !pages.isEmpty { printResult("\u{0C}") }
            let page =
                lines
                ? reader.readLine(image, name: path)
                : reader.read(image, name: path) { if prints { printResult($0.text + "\n") } }
            if lines, prints { printResult(try format.render([page])) }
            if let overlay { try draw(page, on: image, to: overlay) }
            pages.append(page)
        }
        if prints { return }
        let text = try format.render(pages)
        if let output { try File.write(Array(text.utf8), to: output) } else { printResult(text) }
    }

    private func draw(_ page: Page, on image: Image, to path: String) throws {
        var picture = image.rgb()
        for (index, line) in page.lines.enumerated() {
            picture.drawRectangle(
                x: line.box.x, y: line.box.y, width: line.box.width, height: line.box.height,
                color: index.isMultiple(of: 2) ? .red : .blue, thickness: max(2, image.width / 400))
        }
        try picture.writePNG(to: path)
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
