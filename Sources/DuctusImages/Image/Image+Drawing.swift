extension Image {
    /// A color to draw with.
    public struct Color: Sendable, Equatable {
        /// The first sample of a pixel, 0 … 255.
        public var red: UInt8
        /// The second sample of a pixel, 0 … 255.
        public var green: UInt8
        /// The third sample of a pixel, 0 … 255.
        public var blue: UInt8

        /// A color in the color space of the image.
        public init(red: UInt8, green: UInt8, blue: UInt8) {
            self.red = red
            self.green = green
            self.blue = blue
        }

        /// A red that stands out against paper and ink, #D62728.
        public static let red = Color(red: 214, green: 39, blue: 40)
        /// A green that stands out against paper and ink, #2CA02C.
        public static let green = Color(red: 44, green: 160, blue: 44)
        /// A blue that stands out against paper and ink, #1F77B4.
        public static let blue = Color(red: 31, green: 119, blue: 180)
        /// An orange that stands out against paper and ink, #FF7F0E.
        public static let orange = Color(red: 255, green: 127, blue: 14)
    }

    /// Draws the outline of a rectangle, `thickness` pixels wide and inside the rectangle.
    ///
    /// The outline is clipped to the image, which must be RGB; see ``rgb()``.
    public mutating func drawRectangle(
        x: Int, y: Int, width: Int, height: Int, color: Color, thickness: Int = 1
    ) {
        precondition(channels == 3, "Only RGB images can be drawn on in color; call rgb() first.")
        precondition(thickness > 0, "A line cannot be \(thickness) pixels thick.")
        guard width > 0 && height > 0 else { return }
        let across = min(thickness, width)
        let down = min(thickness, height)
        fill(x: x, y: y, width: width, height: down, color: color)
        fill(x: x, y: y &+ (height - down), width: width, height: down, color: color)
        fill(x: x, y: y, width: across, height: height, color: color)
        fill(x: x &+ (width - across), y: y, width: across, height: height, color: color)
    }

    /// Draws a straight line between two pixels, made of squares `thickness` pixels wide.
    ///
    /// The line is clipped to the image, which must be RGB; see ``rgb()``.
    public mutating func drawLine(
        from start: (x: Int, y: Int), to end: (x: Int, y: Int), color: Color, thickness: Int = 1
    ) {
        precondition(channels == 3, "Only RGB images can be drawn on in color; call rgb() first.")
        precondition(thickness > 0, "A line cannot be \(thickness) pixels thick.")
        let steps = max(abs(end.x - start.x), abs(end.y - start.y), 1)
        for step in 0...steps {
            fill(
                x: start.x + (end.x - start.x) * step / steps - thickness / 2,
                y: start.y + (end.y - start.y) * step / steps - thickness / 2, width: thickness, height: thickness,
                color: color)
        }
    }

    private mutating func fill(x: Int, y: Int, width: Int, height: Int, color: Color) {
        let columns = Self.clip(start: x, length: width, to: self.width)
        for row in Self.clip(start: y, length: height, to: self.height) {
            for column in columns {
                let offset = 3 * (row * self.width + column)
                pixels[offset] = color.red
                pixels[offset + 1] = color.green
                pixels[offset + 2] = color.blue
            }
        }
    }
}
