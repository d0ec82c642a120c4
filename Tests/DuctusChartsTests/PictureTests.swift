import DuctusCharts
import DuctusTestSupport
import Testing

/// Whether a font for labels is installed.
private let hasFont = (try? Typeface.standard()) != nil

@Suite(.enabled(if: hasFont, "No font is installed; see Typeface.standard().")) struct PictureTests {
    /// `DUCTUS_GALLERY` names a folder that the pictures are written to, to be looked at.
    @Test func everyChartIsDrawn() throws {
        for (name, chart) in Charts.all {
            for (suffix, theme) in [("", Theme.light), ("-dark", .dark)] {
                let image = try chart.image(theme: theme)
                #expect(image.width == 1440)
                #expect(image.height == 720)
                let paper = theme[.background]
                let covered = stride(from: 0, to: image.pixels.count, by: 3).count { image.pixels[$0] != paper.red }
                #expect(covered > 3000, "\(name)")
                if let gallery = File.environment("DUCTUS_GALLERY") {
                    try image.writePNG(to: "\(gallery)/\(name)\(suffix).png")
                    let narrow = try chart.image(width: 358, height: 280, theme: theme)
                    try narrow.writePNG(to: "\(gallery)/\(name)\(suffix)-narrow.png")
                }
            }
        }
        for chart in Charts.empty { #expect(try !chart.image(width: 100, height: 80).isEmpty) }
    }

    /// A square covers its pixels entirely and half a pixel by half.
    @Test func areasCoverPixels() throws {
        var drawing = Drawing("", summary: "", width: 8, height: 8)
        drawing.add(.rectangle(x: 2, y: 2, width: 2.5, height: 3), .text)
        let image = drawing.image(scale: 1, typeface: try .standard())
        let ink = Theme.light[.text].red
        #expect(image[2, 2] == ink)
        #expect(image[3, 4] == ink)
        let middle = (255 + Int(ink)) / 2
        #expect(abs(Int(image[4, 3]) - middle) <= 2)
        #expect(image[1, 3] == 255)
        #expect(image[2, 5] == 255)
    }

    @Test func typeIsAsWideAsItSays() throws {
        var image = Image(width: 300, height: 60, channels: 3, filledWith: 255)
        image.draw("Hll", x: 10, baseline: 40, size: 30, color: .black, typeface: try .standard())
        let columns = (0..<300).filter { x in (0..<60).contains { image[x, $0] < 128 } }
        let end = 10 + "Hll".typeWidth(size: 30)
        let (first, last) = (try #require(columns.first), try #require(columns.last))
        #expect(abs(first - 12) < 3)
        #expect(abs(last - Int(end)) < 5)
        let rows = (0..<60).filter { y in (0..<300).contains { image[$0, y] < 128 } }
        #expect(rows.last == 39)
    }

    @Test func dashesLeaveGaps() throws {
        var drawing = Drawing("", summary: "", width: 60, height: 10)
        drawing.add(.line([[5, 5], [55, 5]], width: 2, dash: [8, 8]), .text)
        let image = drawing.image(scale: 1, typeface: try .standard())
        let dark = (0..<60).map { image[$0, 5] < 128 }
        #expect(zip(dark, dark.dropFirst()).count { $0 != $1 } == 8)
    }

    @Test func whatIsNoFontIsRefused() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Array("no font".utf8), to: "font.ttf")
        #expect(throws: TypefaceError.self) { try Typeface(contentsOf: file) }
        let error = #expect(throws: TypefaceError.self) { try Typeface(contentsOf: folder.file("none.ttf")) }
        #expect(error?.description.hasPrefix(folder.file("none.ttf")) == true)
    }
}

extension Image.Color {
    fileprivate static let black = Image.Color(red: 0, green: 0, blue: 0)
}
