import CFreeType
import DuctusData

/// The outlines and metrics of a font file, in ems, as read by FreeType.
struct FontFile {
    private(set) var glyphs: [Unicode.Scalar: Glyph] = [:]
    private(set) var kerning: [Font.Pair: Float] = [:]

    /// Reads the given characters that the font contains, except for spaces.
    init(contentsOf path: String, characters: [Unicode.Scalar]) throws(SynthesisError) {
        let bytes: [UInt8]
        do {
            bytes = try File.readBytes(path, maximumBytes: 256 << 20)
        } catch {
            throw .unreadable(error)
        }
        // FreeType objects must not be shared between threads, so they do not outlive this initializer.
        var library: FT_Library?
        guard FT_Init_FreeType(&library) == 0 else {
            throw .unreadable(FileError(file: path, reason: .system("FreeType cannot be initialized")))
        }
        defer { FT_Done_FreeType(library) }
        let result = bytes.withUnsafeBufferPointer { buffer in
            Result<Void, SynthesisError> { () throws(SynthesisError) in
                var opened: FT_Face?
                guard FT_New_Memory_Face(library, buffer.baseAddress, buffer.count, 0, &opened) == 0, let face = opened
                else { throw .notAFont(file: path) }
                defer { FT_Done_Face(face) }
                try read(face, path, characters)
            }
        }
        try result.get()
    }

    private mutating func read(_ face: FT_Face, _ path: String, _ characters: [Unicode.Scalar]) throws(SynthesisError) {
        guard ductus_font_has_outlines(face) != 0 else { throw .noOutlines(file: path) }
        guard face.pointee.units_per_EM > 0 else { throw .damaged(file: path, reason: "the size of its em is 0") }
        let unit = 1 / Float(face.pointee.units_per_EM)
        var numbers: [(scalar: Unicode.Scalar, glyph: FT_UInt)] = []
        for scalar in characters where !scalar.properties.isWhitespace {
            let number = FT_Get_Char_Index(face, FT_ULong(scalar.value))
            guard number != 0 else { continue }
            guard ductus_font_load_outline(face, number) == 0 else {
                throw .damaged(file: path, reason: "the outline of “\(scalar)” cannot be read")
            }
            var tracer = OutlineTracer(unit: unit)
            tracer.trace(&face.pointee.glyph.pointee.outline)
            var glyph = Glyph(
                contours: tracer.contours, advance: Float(face.pointee.glyph.pointee.metrics.horiAdvance) * unit)
            // A character that is mapped to an empty glyph counts as missing.
            guard let bounds = glyph.bounds else { continue }
            let reach = max(bounds.upper.max(), -bounds.lower.min(), glyph.advance.magnitude)
            guard reach < 16 else { throw .damaged(file: path, reason: "“\(scalar)” is \(reach) ems large") }
            glyph.orient()
            glyphs[scalar] = glyph
            numbers.append((scalar, number))
        }
        guard ductus_font_has_kerning(face) != 0 else { return }
        for left in numbers {
            for right in numbers {
                var distance = FT_Vector()
                if ductus_font_kerning(face, left.glyph, right.glyph, &distance) == 0, distance.x != 0 {
                    kerning[.init(left: left.scalar, right: right.scalar)] = max(-1, min(1, Float(distance.x) * unit))
                }
            }
        }
    }
}

/// Converts an outline to polygons whose edges are short enough to be distorted smoothly.
private struct OutlineTracer {
    /// One font unit in ems.
    let unit: Float
    var contours: Contours = []
    private var current: [Point] = []

    init(unit: Float) { self.unit = unit }

    mutating func trace(_ outline: inout FT_Outline) {
        var functions = FT_Outline_Funcs(
            move_to: { to, tracer in OutlineTracer.at(tracer) { $0.move($0.point(to)) } },
            line_to: { to, tracer in OutlineTracer.at(tracer) { $0.line(to: $0.point(to)) } },
            conic_to: { control, to, tracer in
                OutlineTracer.at(tracer) {
                    // A quadratic curve equals the cubic whose control points are two thirds of the way to its own.
                    let (middle, end) = ($0.point(control), $0.point(to))
                    let start = $0.current.last ?? middle
                    $0.curve(start + (middle - start) * (2 / 3), end + (middle - end) * (2 / 3), to: end)
                }
            },
            cubic_to: { first, second, to, tracer in
                OutlineTracer.at(tracer) { $0.curve($0.point(first), $0.point(second), to: $0.point(to)) }
            },
            shift: 0, delta: 0)
        // FreeType fails only if one of these functions does.
        _ = withUnsafeMutablePointer(to: &self) { FT_Outline_Decompose(&outline, &functions, $0) }
        close()
    }

    private static func at(_ pointer: UnsafeMutableRawPointer?, _ body: (inout OutlineTracer) -> Void) -> CInt {
        guard let tracer = pointer?.assumingMemoryBound(to: OutlineTracer.self) else { return 1 }
        body(&tracer.pointee)
        return 0
    }

    private func point(_ vector: UnsafePointer<FT_Vector>?) -> Point {
        vector.map { Point(Float($0.pointee.x), Float($0.pointee.y)) * unit } ?? .zero
    }

    private mutating func move(_ point: Point) {
        close()
        current = [point]
    }

    private mutating func line(to end: Point) {
        guard let start = current.last else { return }
        let pieces = min(64, max(1, Int(((end - start).length / 0.08).rounded(.up))))
        for piece in 1...pieces { add(start + (end - start) * (Float(piece) / Float(pieces))) }
    }

    private mutating func curve(_ first: Point, _ second: Point, to end: Point) {
        guard let start = current.last else { return }
        let length = (first - start).length + (second - first).length + (end - second).length
        let pieces = min(24, max(2, Int((length / 0.04).rounded(.up))))
        for piece in 1...pieces {
            let t = Float(piece) / Float(pieces)
            let rest = 1 - t
            let nearStart = start * (rest * rest * rest) + first * (3 * rest * rest * t)
            add(nearStart + second * (3 * rest * t * t) + end * (t * t * t))
        }
    }

    private mutating func add(_ point: Point) {
        if let last = current.last, (point - last).length < 0.002 { return }
        current.append(point)
    }

    private mutating func close() {
        if let first = current.first, let last = current.last, current.count > 1, (first - last).length < 0.002 {
            current.removeLast()
        }
        if current.count > 2 { contours.append(current) }
        current = []
    }
}
