/// A sheet of paper before a camera.
struct PageScene {
    private let sheet: PageSheet
    private let side: Int
    private let lineHeight: Double
    private let warp: PageWarp
    /// The edges of the paper in pixels of the sheet; the paper may be larger than the sheet.
    private let left: Double, top: Double, right: Double, bottom: Double

    /// Places a sheet at random.
    init(sheet: PageSheet, side: Int, lineHeight: Double, using random: inout RandomStream) {
        (self.sheet, self.side, self.lineHeight) = (sheet, side, lineHeight)
        let size = SIMD2(Double(sheet.width), Double(sheet.height))
        // Sometimes centered, mostly anywhere as long as half of the view shows the sheet.
        var center = size / 2
        let room = pointwiseMax(size - Double(side) * 0.5, .zero) / 2
        center +=
            SIMD2(random.symmetric(1), random.symmetric(1)) * pointwiseMax(room, SIMD2(repeating: Double(side) / 8))
        let isTurned = random.uniform() < 0.5
        let angle = isTurned ? random.symmetric(12) : random.symmetric(1.5)
        let isTilted = random.uniform() < 0.3
        let isCurled = random.uniform() < 0.25
        warp = PageWarp(
            center: center, view: SIMD2(repeating: Double(side) / 2), angle: angle * .pi / 180,
            tilt: isTilted ? SIMD2(random.symmetric(0.25), random.symmetric(0.25)) / Double(side) : .zero,
            curl: isCurled ? random.symmetric(lineHeight * 0.8) : 0,
            wavelength: random.uniform(0.6, 3) * Double(side), phase: random.uniform(0, 2 * .pi))
        let edges = random.uniform() < 0.5 ? 0.15 : 0.6
        let margins = (0..<4).map { _ in random.uniform() < edges ? random.uniform(0, 0.2) : 2 }
        left = -margins[0] * Double(side)
        top = -margins[1] * Double(side)
        right = size.x + margins[2] * Double(side)
        bottom = size.y + margins[3] * Double(side)
    }

    /// The picture in gray and the lines on it.
    func photographed(using random: inout RandomStream) -> (image: Image, lines: [LineGeometry]) {
        var darkness = exposed(using: &random)
        if random.uniform() < 0.4 {
            darkness = darkness.shaded(by: Shade(darkest: 0.6, of: darkness.shape, using: &random))
        }
        if random.uniform() < 0.4 { darkness = darkness.blurred(random.uniform(0.2, max(lineHeight / 14, 0.5))) }
        if random.uniform() < 0.2 { darkness = darkness.halved() }
        if random.uniform() < 0.4 {
            darkness += .normal(
                darkness.shape, standardDeviation: Float(0.05 * random.uniform()), using: &random)
        }
        if random.uniform() < 0.3 {
            darkness = darkness.compressed(
                BlockCompression(quality: random.uniform(15, 90)), down: Int(random.next() % 8),
                right: Int(random.next() % 8))
        }
        let pixels = darkness.clipped(to: 0...1).scalars.map { UInt8((255 * (1 - $0)).rounded()) }
        let whole = 0.0...Double(side)
        let lines = sheet.lines.map { $0.mapped { warp($0) } }.filter { line in
            line.height > 4 && line.baseline.contains { whole.contains($0.x) && whole.contains($0.y) }
        }
        return (Image(width: side, height: side, channels: 1, pixels: pixels), lines)
    }

    /// Paper, ink, rules and desk, before light and camera.
    private func exposed(using random: inout RandomStream) -> Tensor<Float> {
        let paper = Float(random.uniform() < 0.5 ? random.uniform(0, 0.1) : random.uniform(0, 0.45))
        let pen = Float(random.uniform(0.45, 1.3))
        let desk = Desk(side: side, using: &random)
        let rules = Rules(lineHeight: lineHeight, using: &random)
        let bleed = random.uniform() < 0.15 ? Float(random.uniform(0.03, 0.2)) : 0
        let (width, height) = (sheet.width, sheet.height)
        return Tensor(shape: [side, side, 1]) { out in
            sheet.ink.withUnsafeBuffer { ink in
                for row in 0..<side {
                    for column in 0..<side {
                        let place = warp.inverse(SIMD2(Double(column) + 0.5, Double(row) + 0.5))
                        guard place.x > left, place.x < right, place.y > top, place.y < bottom else {
                            out[row * side + column] = desk.darkness(column, row)
                            continue
                        }
                        var light = (1 - paper) * (1 - rules.darkness(at: place))
                        light *= 1 - min(pen * interpolated(ink, width, height, place.x - 0.5, place.y - 0.5), 1)
                        if bleed > 0 {
                            let mirrored = Double(width) - place.x - 0.5
                            light *=
                                1 - bleed * interpolated(ink, width, height, mirrored, place.y - 0.5 + lineHeight / 2)
                        }
                        out[row * side + column] = 1 - light
                    }
                }
            }
        }
    }
}

/// What a sheet lies on: black, or any two tones with a straight edge between them.
private struct Desk {
    private let tones: (Float, Float)
    private let edge: SIMD2<Double>, offset: Double

    init(side: Int, using random: inout RandomStream) {
        let isBlack = random.uniform() < 0.4
        func tone() -> Float { Float(isBlack ? random.uniform(0.85, 1) : random.uniform(0.05, 0.9)) }
        tones = (tone(), tone())
        let angle = random.symmetric(.pi)
        edge = SIMD2(cosine(angle), sine(angle))
        offset = (edge * (SIMD2(random.uniform(), random.uniform()) * Double(side))).sum()
    }

    func darkness(_ column: Int, _ row: Int) -> Float {
        (edge * SIMD2(Double(column), Double(row))).sum() < offset ? tones.0 : tones.1
    }
}

/// The ink between the centers of four pixels; none outside.
private func interpolated(
    _ ink: UnsafeBufferPointer<Float>, _ width: Int, _ height: Int, _ x: Double, _ y: Double
) -> Float {
    guard x >= 0, y >= 0, x < Double(width - 1), y < Double(height - 1) else { return 0 }
    let (left, top) = (Int(x), Int(y))
    let (across, down) = (Float(x - Double(left)), Float(y - Double(top)))
    let index = top * width + left
    let upper = ink[index] + (ink[index + 1] - ink[index]) * across
    let lower = ink[index + width] + (ink[index + width + 1] - ink[index + width]) * across
    return upper + (lower - upper) * down
}

/// The printed lines of ruled or squared paper, and its margin line.
private struct Rules {
    private var rows: (start: Double, pitch: Double, darkness: Float)?
    private var columns: (start: Double, pitch: Double, darkness: Float)?
    private var margin: (x: Double, darkness: Float)?
    private let thickness: Double

    init(lineHeight: Double, using random: inout RandomStream) {
        thickness = random.uniform(0.6, max(lineHeight / 12, 0.8))
        let kind = random.uniform()
        guard kind < 0.4 else { return }
        let darkness = Float(random.uniform(0.1, 0.7))
        // Lines of writing keep to the rules more or less; squares are smaller.
        let pitch = lineHeight * (kind < 0.25 ? random.uniform(0.9, 2.2) : random.uniform(0.4, 1.1))
        rows = (random.uniform(0, pitch), pitch, darkness)
        if kind >= 0.25 { columns = (random.uniform(0, pitch), pitch, darkness) }
        if random.uniform() < 0.3 { margin = (random.uniform(0, 4) * lineHeight, Float(random.uniform(0.2, 0.7))) }
    }

    /// The darkness of the rules at a point of the sheet.
    func darkness(at point: SIMD2<Double>) -> Float {
        var darkest: Float = 0
        func add(_ distance: Double, _ darkness: Float) {
            let cover = Float(min(max(thickness / 2 - abs(distance) + 0.5, 0), 1))
            darkest = max(darkest, darkness * cover)
        }
        func distance(_ x: Double, _ start: Double, _ pitch: Double) -> Double {
            let phase = (x - start) / pitch
            return (phase - phase.rounded()) * pitch
        }
        if let rows { add(distance(point.y, rows.start, rows.pitch), rows.darkness) }
        if let columns { add(distance(point.x, columns.start, columns.pitch), columns.darkness) }
        if let margin { add(point.x - margin.x, margin.darkness) }
        return darkest
    }
}
