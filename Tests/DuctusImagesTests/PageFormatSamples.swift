import DuctusImages
import DuctusTestSupport
import Foundation
import Testing

/// Writes two pages in every format into the directory `DUCTUS_PAGE_FORMATS`, for Scripts/check-page-formats and
/// Scripts/check-kraken to show to other programs.
@Suite(.enabled(if: File.environment("DUCTUS_PAGE_FORMATS") != nil, "DUCTUS_PAGE_FORMATS is not set"))
struct PageFormatSamples {
    /// Two lines, of two and three words, with all that can be known of them, and a line of which only the box is known.
    private static let lines: [Page.Line] = {
        var lines = [["La", "mer"], ["«é»", "&", "<tout>"]].enumerated().map { index, texts in
            let top = 40 + 100 * index
            let words = texts.enumerated().map { place, text in
                Page.Word(
                    text: text, confidence: 0.5 + 0.1 * Double(place),
                    box: Box(x: 30 + 120 * place, y: top, width: 100, height: 50))
            }
            let box = Box(x: 30, y: top, width: 120 * texts.count - 20, height: 50)
            let polygon = Polygon([
                .init(x: box.x, y: box.y), .init(x: box.maxX, y: box.y), .init(x: box.maxX, y: box.maxY - 4),
                .init(x: box.x, y: box.maxY),
            ])
            return Page.Line(
                text: texts.joined(separator: " "), confidence: 0.75, box: box,
                baseline: [.init(x: box.x, y: box.maxY - 12), .init(x: box.maxX, y: box.maxY - 16)], polygon: polygon,
                words: words)
        }
        lines.append(Page.Line(text: "a box alone", confidence: 1, box: Box(x: 30, y: 240, width: 200, height: 40)))
        return lines
    }()

    @Test(arguments: Registries.pageFormats.all) func everyFormatIsWritten(format: PageFormat) throws {
        let directory = try #require(File.environment("DUCTUS_PAGE_FORMATS"))
        try File.createDirectory(directory)
        let image = Image(width: 500, height: 320, filledWith: 250)
        let names = ["first.png", "second.png"]
        for name in names { try image.writePNG(to: "\(directory)/\(name)") }
        let pages = names.map { Page(image: $0, width: 500, height: 320, lines: Self.lines) }
        let images = try names.map { _ in try EncodedImage(image) }
        try File.write(
            format.document([pages[0]], images: [images[0]], created: .now),
            to: "\(directory)/one.\(format.name).\(format.fileExtension)")
        guard format.maximumPages == nil else { return }
        try File.write(
            format.document(pages, images: images, created: .now),
            to: "\(directory)/two.\(format.name).\(format.fileExtension)")
    }
}
