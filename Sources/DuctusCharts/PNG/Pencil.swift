import CFreeType

/// Draws on pixels with FreeType, which smooths the edges of strokes, areas, and type alike.
///
/// FreeType's objects must not be shared between threads and refer to the bytes of the font, so a pencil lives only within
/// ``draw(with:on:_:)``.
struct Pencil {
    private let library: FT_Library
    private let face: FT_Face
    private let (width, height): (Int, Int)
    private(set) var pixels: [UInt8]

    /// Draws on an RGB image.
    static func draw(with typeface: Typeface, on image: inout Image, _ body: (inout Pencil) -> Void) {
        precondition(image.channels == 3, "Only RGB images can be drawn on in color; call rgb() first.")
        let (width, height, before) = (image.width, image.height, image.pixels)
        let pixels = open(typeface.bytes) { library, face in
            var pencil = Pencil(library: library, face: face, width: width, height: height, pixels: before)
            body(&pencil)
            return pencil.pixels
        }
        // The font was read once already, and its bytes are still here.
        guard let pixels else { preconditionFailure("\(typeface.file) could be read before, but not any more.") }
        image = Image(width: width, height: height, channels: 3, pixels: pixels)
    }

    /// Checks that bytes are a font with outlines.
    static func check(_ bytes: [UInt8], file: String) throws(TypefaceError) {
        let isUsable = open(bytes) { _, face in ductus_font_has_outlines(face) != 0 && face.pointee.units_per_EM > 0 }
        guard isUsable == true else {
            throw TypefaceError(
                description: "\(file): this is not a font with outlines; choose a TrueType or OpenType file.")
        }
    }

    private static func open<Result>(_ bytes: [UInt8], _ body: (FT_Library, FT_Face) -> Result) -> Result? {
        var library: FT_Library?
        guard FT_Init_FreeType(&library) == 0, let library else { return nil }
        defer { FT_Done_FreeType(library) }
        return bytes.withUnsafeBufferPointer { buffer in
            var opened: FT_Face?
            guard FT_New_Memory_Face(library, buffer.baseAddress, buffer.count, 0, &opened) == 0, let face = opened
            else { return nil }
            defer { FT_Done_Face(face) }
            return body(library, face)
        }
    }

    /// A place in 64ths of a pixel, upward.
    private func vector(_ place: Place) -> FT_Vector {
        func number(_ value: Double) -> FT_Pos { FT_Pos((min(max(value, -1e5), 1e5) * 64).rounded()) }
        return FT_Vector(x: number(place.x), y: number(Double(height) - place.y))
    }

    /// Fills a polygon.
    mutating func fill(_ places: [Place], _ color: Image.Color, opacity: Double) {
        guard 3...32_000 ~= places.count else { return }
        var outline = FT_Outline()
        guard ductus_outline_polygon(library, places.map(vector), FT_UInt(places.count), &outline) == 0 else { return }
        defer { FT_Outline_Done(library, &outline) }
        ink(&outline, color, opacity)
    }

    /// Draws a line through places, or around them.
    mutating func stroke(
        _ places: [Place], width: Double, isClosed: Bool = false, _ color: Image.Color, opacity: Double
    ) {
        // An outline has at most 32,767 points, and joins need some.
        for start in stride(from: 0, to: places.count - 1, by: 1000) {
            let part = places[start..<min(start + 1001, places.count)].map(vector)
            var outline = FT_Outline()
            let radius = FT_Fixed((width * 32).rounded())
            guard
                ductus_outline_stroke(library, part, FT_UInt(part.count), isClosed ? 1 : 0, radius, &outline) == 0
            else { continue }
            defer { FT_Outline_Done(library, &outline) }
            ink(&outline, color, opacity)
        }
    }

    /// The width of a line of type in pixels.
    func width(of text: String, size: Double) -> Double {
        text.unicodeScalars.reduce(0) { $0 + (load($1) ? advance(size) : 0) }
    }

    /// Writes a line of type, its start at a place on the baseline.
    mutating func write(_ text: String, at place: Place, size: Double, _ color: Image.Color, opacity: Double) {
        var start = place
        let factor = FT_Fixed((size * 64 / Double(face.pointee.units_per_EM) * 65536).rounded())
        for scalar in text.unicodeScalars where load(scalar) {
            let step = advance(size)
            var matrix = FT_Matrix(xx: factor, xy: 0, yx: 0, yy: factor)
            let corner = vector(start)
            FT_Outline_Transform(&face.pointee.glyph.pointee.outline, &matrix)
            FT_Outline_Translate(&face.pointee.glyph.pointee.outline, corner.x, corner.y)
            ink(&face.pointee.glyph.pointee.outline, color, opacity)
            start.x += step
        }
    }

    /// Loads a character, or the font's sign for one that it does not have.
    private func load(_ scalar: Unicode.Scalar) -> Bool {
        ductus_font_load_outline(face, FT_Get_Char_Index(face, FT_ULong(scalar.value))) == 0
    }

    private func advance(_ size: Double) -> Double {
        Double(face.pointee.glyph.pointee.metrics.horiAdvance) / Double(face.pointee.units_per_EM) * size
    }

    /// Covers the pixels inside an outline.
    private mutating func ink(_ outline: inout FT_Outline, _ color: Image.Color, _ opacity: Double) {
        var box = FT_BBox()
        FT_Outline_Get_CBox(&outline, &box)
        let (left, right) = (max(Int(box.xMin) >> 6, 0), min((Int(box.xMax) + 63) >> 6, width))
        let (bottom, top) = (max(Int(box.yMin) >> 6, 0), min((Int(box.yMax) + 63) >> 6, height))
        guard left < right, bottom < top else { return }
        FT_Outline_Translate(&outline, FT_Pos(-64 * left), FT_Pos(-64 * bottom))
        let (columns, rows) = (right - left, top - bottom)
        var coverage = [UInt8](repeating: 0, count: columns * rows)
        coverage.withUnsafeMutableBufferPointer { buffer in
            var bitmap = FT_Bitmap()
            (bitmap.rows, bitmap.width, bitmap.pitch) = (CUnsignedInt(rows), CUnsignedInt(columns), CInt(columns))
            (bitmap.num_grays, bitmap.pixel_mode) = (256, CUnsignedChar(FT_PIXEL_MODE_GRAY.rawValue))
            bitmap.buffer = buffer.baseAddress
            // Where there is no memory for it, nothing is drawn.
            _ = FT_Outline_Get_Bitmap(library, &outline, &bitmap)
        }
        let samples = [Double(color.red), Double(color.green), Double(color.blue)]
        for row in 0..<rows {
            var place = 3 * ((height - top + row) * width + left)
            for column in 0..<columns {
                let share = Double(coverage[row * columns + column]) / 255 * opacity
                if share > 0 {
                    for channel in 0..<3 {
                        let old = Double(pixels[place + channel])
                        pixels[place + channel] = UInt8((old + (samples[channel] - old) * share).rounded())
                    }
                }
                place += 3
            }
        }
    }
}
