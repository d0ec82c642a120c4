/// A picture of numbers: a title, a sentence that says what it shows, and a list of shapes for any size.
///
/// ```swift
/// var chart = LineChart("Character accuracy", x: "epoch", y: "accuracy")
/// chart.add("plain", [0.2, 0.5, 0.6], best: 2)
/// try chart.writePNG(to: "curves.png")
/// let text = chart.svg(width: 720, height: 360)
/// ```
public protocol Chart: Sendable {
    /// The title, which is also the name of the picture for a screen reader.
    var title: String { get }

    /// The shapes of the chart at a size.
    ///
    /// - Parameters:
    ///   - width: the width, in units of which type is 12 high.
    ///   - height: the height in the same units.
    func drawing(width: Double, height: Double) -> Drawing
}

extension Chart {
    /// The chart as an SVG document, or as an element within an HTML page.
    ///
    /// - Parameters:
    ///   - width: the width in CSS pixels.
    ///   - height: the height in CSS pixels.
    ///   - isStandalone: whether the text is a document of its own, with the colors of ``Theme/light`` and, where the
    ///     reader prefers it, ``Theme/dark``. An element of a page has those that the page gives it; see ``Paint``.
    public func svg(width: Double = 720, height: Double = 360, isStandalone: Bool = true) -> String {
        drawing(width: width, height: height).svg(isStandalone: isStandalone)
    }

    /// The chart as a picture, with type from a font of the system.
    ///
    /// - Parameters:
    ///   - width: the width in units of which type is 12 high.
    ///   - height: the height in the same units.
    ///   - scale: the number of pixels of a unit.
    ///   - theme: the colors.
    /// - Throws: ``TypefaceError`` if there is no font.
    public func image(
        width: Double = 720, height: Double = 360, scale: Double = 2, theme: Theme = .light
    ) throws(TypefaceError) -> Image {
        try drawing(width: width, height: height).image(scale: scale, theme: theme, typeface: .standard())
    }

    /// Writes the chart as a PNG file.
    /// - Throws: ``TypefaceError`` if there is no font, `ImageError` if the file cannot be written.
    public func writePNG(
        to path: String, width: Double = 720, height: Double = 360, scale: Double = 2, theme: Theme = .light
    ) throws {
        try image(width: width, height: height, scale: scale, theme: theme).writePNG(to: path)
    }
}
