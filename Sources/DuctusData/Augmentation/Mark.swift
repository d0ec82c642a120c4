/// A dot or a straight stroke with round ends and soft edges. All lengths are in pixels.
package struct Mark: Sendable {
    package var start: SIMD2<Float>, end: SIMD2<Float>
    package var radius: Float
    /// The width of the edge, at least 1.
    package var softness: Float = 1

    package init(from start: SIMD2<Float>, to end: SIMD2<Float>, radius: Float, softness: Float = 1) {
        (self.start, self.end, self.radius, self.softness) = (start, end, radius, max(softness, 1))
    }

    /// Calls `body` with the index and the coverage, 0 to 1, of every pixel that the mark covers.
    fileprivate func forEachPixel(height: Int, width: Int, _ body: (Int, Float) -> Void) {
        let reach = radius + softness / 2
        let (low, high) = (pointwiseMin(start, end) - reach, pointwiseMax(start, end) + reach)
        let (left, top) = (Int(max(low.x, 0).rounded(.up)), Int(max(low.y, 0).rounded(.up)))
        let (right, bottom) = (min(Int(max(high.x, -1)), width - 1), min(Int(max(high.y, -1)), height - 1))
        guard left <= right, top <= bottom else { return }
        let direction = end - start
        let square = max((direction * direction).sum(), 1e-6)
        for row in top...bottom {
            for column in left...right {
                let point = SIMD2(Float(column), Float(row)) - start
                let along = min(max((point * direction).sum() / square, 0), 1)
                let gap = point - along * direction
                let cover = (radius - (gap * gap).sum().squareRoot()) / softness + 0.5
                if cover > 0 { body(row * width + column, min(cover, 1)) }
            }
        }
    }
}

extension Tensor where Scalar == Float {
    /// Draws a mark on a gray image `[height, width, 1]`, or erases the ink under it.
    ///
    /// - Parameters:
    ///   - mark: the mark.
    ///   - opacity: the opacity, 0 to 1.
    ///   - erases: whether the mark is background instead of ink.
    package mutating func draw(_ mark: Mark, opacity: Float, erases: Bool = false) {
        let (height, width) = (shape[0], shape[1])
        withUnsafeMutableBuffer { pixels in
            mark.forEachPixel(height: height, width: width) { index, cover in
                pixels[index] += opacity * cover * ((erases ? 0 : 1) - pixels[index])
            }
        }
    }

    /// Adds specks and short strokes of ink and erases specks.
    mutating func blot(atMost bound: Double, using random: inout RandomStream) {
        let (height, width) = (Double(shape[0]), Double(shape[1]))
        let count = bound * random.uniform() * width / height + random.uniform()
        for _ in 0..<Int(count) {
            let start = SIMD2(Float(width * random.uniform()), Float(height * random.uniform()))
            let (kind, size, opacity) = (random.uniform(), random.uniform(), random.uniform(0.2, 1))
            var mark = Mark(from: start, to: start, radius: Float(height * (0.01 + 0.04 * size * size)))
            if kind < 0.25 {
                let (length, angle) = (height * random.uniform(0.1, 0.5), random.symmetric(.pi))
                mark.end += SIMD2(Float(length * cosine(angle)), Float(length * sine(angle)))
                mark.radius = Float(height * (0.008 + 0.017 * size))
            } else {
                mark.softness = Swift.max(mark.radius * Float(2 * random.uniform()), 1)
            }
            draw(mark, opacity: Float(opacity), erases: kind > 0.7)
        }
    }

    /// Adds the lines of ruled paper: one or several, nearly horizontal, and sometimes dotted.
    mutating func rule(darkest bound: Double, using random: inout RandomStream) {
        let (height, width) = (Double(shape[0]), Double(shape[1]))
        let (opacity, radius) = (Float(bound * random.uniform()), Float(height * random.uniform(0.005, 0.02)))
        if random.uniform() < 0.35 {
            square(height * random.uniform(0.2, 0.6), radius: radius, opacity: opacity, using: &random)
            return
        }
        let count = random.uniform() < 0.65 ? 1 : 2 + Int(random.next() % 3)
        let (first, spacing) = (height * random.uniform(), height * random.uniform(0.15, 0.5))
        let slope = random.symmetric(0.008)
        let isDotted = random.uniform() < 0.25
        let dash = isDotted ? height * random.uniform(0, 0.15) : width
        let period = dash + height * random.uniform(0.04, 0.15)
        for index in 0..<count {
            // Lines below the bottom continue at the top.
            let place = (first + Double(index) * spacing).truncatingRemainder(dividingBy: height)
            for left in stride(from: 0, to: width, by: period) {
                func point(_ x: Double) -> SIMD2<Float> { SIMD2(Float(x), Float(place + slope * (x - width / 2))) }
                draw(Mark(from: point(left), to: point(left + dash), radius: radius), opacity: opacity)
            }
        }
    }

    /// Draws the lines of squared paper.
    private mutating func square(_ pitch: Double, radius: Float, opacity: Float, using random: inout RandomStream) {
        let (height, width) = (Double(shape[0]), Double(shape[1]))
        let slope = random.symmetric(0.008)
        for y in stride(from: pitch * random.uniform(), to: height, by: pitch) {
            let (from, to) = (SIMD2(0, Float(y - slope * width / 2)), SIMD2(Float(width), Float(y + slope * width / 2)))
            draw(Mark(from: from, to: to, radius: radius), opacity: opacity)
        }
        for x in stride(from: pitch * random.uniform(), to: width, by: pitch) {
            let (from, to) = (SIMD2(Float(x), 0), SIMD2(Float(x - slope * height), Float(height)))
            draw(Mark(from: from, to: to, radius: radius), opacity: opacity)
        }
    }
}
