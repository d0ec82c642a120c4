import Ductus
import DuctusCharts

extension Image {
    /// A line of text, black on white.
    /// - Throws: `TypefaceError` if there is no font.
    public static func text(_ text: String, size: Int = 18) throws -> Image {
        // Twice the usual width of a character is enough for any.
        var image = Image(width: (text.count + 1) * size, height: size * 3 / 2, channels: 3, filledWith: 255)
        try image.draw(text, x: size / 4, y: size / 4, size: size)
        let columns = (0..<image.width).filter { x in (0..<image.height).contains { image[x, $0] < 255 } }
        let ink = columns.last ?? 0
        return image.cropped(x: 0, y: 0, width: ink + size / 4, height: image.height)
    }

    /// Draws a line of text on an RGB image.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - x: the column of the anchor.
    ///   - y: the row of the top of its capitals.
    ///   - size: the size of the type in pixels.
    ///   - anchor: the part of the text that is at x.
    ///   - color: the color.
    /// - Throws: `TypefaceError` if there is no font.
    public mutating func draw(
        _ text: String, x: Int, y: Int, size: Int, _ anchor: Drawing.Anchor = .start, color: Color = .black
    ) throws {
        draw(
            text, x: Double(x), baseline: Double(y) + 0.72 * Double(size), size: Double(size), anchor, color: color,
            typeface: try .standard())
    }

    /// Fills the part of a rectangle that is inside the image.
    public mutating func fill(x: Int, y: Int, width: Int, height: Int, color: Color) {
        drawRectangle(x: x, y: y, width: width, height: height, color: color, thickness: max(1, min(width, height)))
    }
}

extension Image.Color {
    /// The color of text.
    public static let black = Image.Color(red: 0, green: 0, blue: 0)
}
