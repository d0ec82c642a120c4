import Ductus

extension Image {
    /// The height of text in pixels, at a scale of 1.
    public static let textHeight = Font.height

    /// The width of a text in pixels.
    public static func textWidth(_ text: String, scale: Int = 1) -> Int {
        max(0, text.count * (Font.width + 1) - 1) * scale
    }

    /// A line of text, black on white; characters outside ASCII are blank.
    public static func text(_ text: String, scale: Int = 2) -> Image {
        var image = Image(
            width: max(textWidth(text, scale: scale), 1), height: textHeight * scale, channels: 3, filledWith: 255)
        image.draw(text, x: 0, y: 0, scale: scale)
        return image
    }

    /// Draws a text with its upper-left corner at x and y; characters outside ASCII are blank.
    ///
    /// Dots outside the image are not drawn. The image must be RGB.
    public mutating func draw(_ text: String, x: Int, y: Int, color: Color = .black, scale: Int = 1) {
        for (place, character) in text.enumerated() {
            let left = x + place * (Font.width + 1) * scale
            for (row, dots) in Font.dots(of: character).enumerated() {
                for (column, isInk) in dots.enumerated() where isInk {
                    fill(x: left + column * scale, y: y + row * scale, width: scale, height: scale, color: color)
                }
            }
        }
    }

    /// Fills the part of a rectangle that is inside the image.
    public mutating func fill(x: Int, y: Int, width: Int, height: Int, color: Color) {
        drawRectangle(x: x, y: y, width: width, height: height, color: color, thickness: max(1, min(width, height)))
    }
}

extension Image.Color {
    /// The color of text.
    public static let black = Image.Color(red: 0, green: 0, blue: 0)
    /// The color of grid lines.
    public static let gray = Image.Color(red: 200, green: 200, blue: 200)
}
