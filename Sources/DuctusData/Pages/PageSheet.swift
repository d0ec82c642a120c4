/// Ink on a sheet of paper, `[height, width, 1]`, and its lines, in pixels of the sheet.
struct PageSheet {
    private(set) var ink: Tensor<Float>
    private(set) var lines: [LineGeometry] = []

    var height: Int { ink.shape[0] }
    var width: Int { ink.shape[1] }

    /// A blank sheet.
    init(height: Int, width: Int) { ink = .zeros([height, width, 1]) }

    /// A page at some scale, at most 1.
    init(_ page: InkPage, scale: Double) {
        let small = page.scaled(toLineHeight: (page.lineHeight ?? 1) * scale)
        ink = Tensor(
            small.image.pixels.map { Float(255 - $0) / 255 }, shape: [small.image.height, small.image.width, 1])
        lines = small.lines
    }

    /// Lines of some pages in a new layout: one or two columns of lines, paragraphs and lists, or a short note, with any
    /// line spacing, indented, and now and then curved.
    ///
    /// - Parameters:
    ///   - side: the height and width of the sheet in pixels.
    ///   - lineHeight: the median height of the lines in pixels.
    ///   - pages: the pages that the lines are taken from, one for each column.
    ///   - random: the stream that the layout is drawn from.
    init(side: Int, lineHeight: Double, pages: [InkPage], using random: inout RandomStream) {
        self.init(height: side, width: side)
        let sources = pages.map { page in page.scaled(toLineHeight: lineHeight) }
        let columns = random.uniform() < 0.35 ? 2 : 1
        let isNote = random.uniform() < 0.25
        var left = random.uniform(0, 0.12) * Double(side)
        for column in 0..<columns {
            let source = sources[column % sources.count]
            let gutter = lineHeight * random.uniform(0.8, 4)
            let right =
                column + 1 == columns
                ? Double(side) * random.uniform(0.88, 1) : left + Double(side) * random.uniform(0.3, 0.5)
            let pitch = lineHeight * random.uniform(0.85, 2.2)
            var y = random.uniform(0, 0.15) * Double(side) + lineHeight
            if isNote { y = random.uniform(0.05, 0.8) * Double(side) + lineHeight }
            var rest = isNote ? 1 + Int(random.next() % 4) : .max
            let shortest = random.uniform() < 0.5 ? 0.15 : 0.6
            while y < Double(side) - lineHeight / 2, rest > 0 {
                let width = (right - left) * random.uniform(shortest, 1)
                let start = left + (random.uniform() < 0.2 ? random.uniform(0, 0.3) * (right - left) : 0)
                paste(source, at: SIMD2(start, y), width: min(width, right - start), using: &random)
                y += pitch * random.uniform(0.9, 1.1) + (random.uniform() < 0.1 ? pitch : 0)
                rest -= 1
            }
            left = right + gutter
            if left > Double(side) * 0.8 { break }
        }
    }

    /// Pastes a line, or its part that is `width` wide, with its baseline beginning at a point.
    private mutating func paste(
        _ source: InkPage, at start: SIMD2<Double>, width: Double, using random: inout RandomStream
    ) {
        guard !source.lines.isEmpty else { return }
        let line = source.lines[Int(random.next() % UInt64(source.lines.count))]
        let margin = line.height / 4
        let room = LineGeometry(baseline: line.baseline, ascent: line.ascent * 1.1, descent: line.descent * 1.2)
        let strip = source.image.rectified(along: room, margin: margin)
        let inked = strip.columnsWithInk()
        // Cut at gaps between words only, so that lines have natural ends.
        var first = 0
        if inked.count > 1, Double(inked[inked.count - 1].upperBound - inked[0].lowerBound) > width {
            first = Int(random.next() % UInt64(inked.count))
        }
        guard first < inked.count else { return }
        let begin = inked[first].lowerBound
        guard let end = inked[first...].last(where: { Double($0.upperBound - begin) <= width })?.upperBound,
            Double(end - begin) > line.height / 2
        else { return }
        let (top, left) = (Int((start.y - room.ascent).rounded()), Int(start.x.rounded()))
        // A gentle curve: the same for the ink and the baseline.
        let isLong = Double(end - begin) > 6 * line.height
        let bend = isLong && random.uniform() < 0.25 ? random.symmetric(line.height / Double(end - begin) / 2) : 0
        let slope = random.uniform() < 0.4 ? random.symmetric(0.03) : 0
        func shift(_ x: Int) -> Double {
            let u = Double(x) - Double(end - begin) / 2
            return slope * u + bend * u * u / Double(end - begin) * 2
        }
        let (rows, columns, height, sheetWidth) = (strip.height, strip.width, self.height, self.width)
        ink.withUnsafeMutableBuffer { ink in
            for column in max(begin - 1, 0)..<min(end + 1, columns) {
                let x = left + column - begin
                guard x >= 0, x < sheetWidth else { continue }
                let move = Int(shift(column - begin).rounded())
                for row in 0..<rows {
                    let y = top + row + move
                    guard y >= 0, y < height else { continue }
                    let value = Float(255 - strip.pixels[row * columns + column]) / 255
                    ink[y * sheetWidth + x] = max(ink[y * sheetWidth + x], value)
                }
            }
        }
        let points = (0...6).map { index -> SIMD2<Double> in
            let x = (end - begin) * index / 6
            return SIMD2(Double(left + x), Double(top) + room.ascent + shift(x))
        }
        lines.append(LineGeometry(baseline: points, ascent: line.ascent, descent: line.descent))
    }

    /// Draws what is not writing: frames, underlines and strokes.
    mutating func drawFrames(lineHeight: Double, using random: inout RandomStream) {
        let size = SIMD2(Float(width), Float(height))
        func point() -> SIMD2<Float> { SIMD2(Float(random.uniform()), Float(random.uniform())) * size }
        for _ in 0...Int(random.next() % 3) {
            let (a, b, radius) = (point(), point(), Float(random.uniform(0.4, 1.2)))
            let corners = [a, SIMD2(b.x, a.y), b, SIMD2(a.x, b.y)]
            let count = random.uniform() < 0.5 ? 4 : 1
            for side in 0..<count {
                ink.draw(Mark(from: corners[side], to: corners[(side + 1) % 4], radius: radius), opacity: 0.8)
            }
        }
    }
}

extension Image {
    /// The runs of columns with ink, where gaps narrower than a quarter of the height do not count.
    fileprivate func columnsWithInk() -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for column in 0..<width {
            var darkness = 0
            for row in 0..<height { darkness += max(64, 255 - Int(pixels[row * width + column])) - 64 }
            guard darkness > 60 else { continue }
            if let last = runs.last, column - last.upperBound < max(height / 4, 2) {
                runs[runs.count - 1] = last.lowerBound..<column + 1
            } else {
                runs.append(column..<column + 1)
            }
        }
        return runs
    }
}
