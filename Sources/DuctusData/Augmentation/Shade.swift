/// Uneven light: a gradient from one side to the other, or a shadow with one to three straight, soft edges.
///
/// A shade is a product of smooth ramps from 0 to 1:
///
///     s(x, y) = depth · Πₖ h(oₖ + x · aₖ + y · bₖ),  h(t) = t² (3 − 2t) for t in 0 … 1
package struct Shade: Sendable {
    private let depth: Float
    private let ramps: [(start: Float, right: Float, down: Float)]

    /// Draws a shade.
    ///
    /// - Parameters:
    ///   - depth: the maximum depth, as ink.
    ///   - shape: the shape of the image.
    ///   - random: the stream that the shade is drawn from.
    package init(darkest depth: Double, of shape: Shape, using random: inout RandomStream) {
        let (height, width) = (Double(shape[0]), Double(shape[1]))
        self.depth = Float(depth * random.uniform())
        if random.uniform() < 0.5 {
            let angle = random.symmetric(.pi)
            let sum = abs(cosine(angle)) + abs(sine(angle))
            let (right, down) = (cosine(angle) / sum / width, sine(angle) / sum / height)
            ramps = [(Float(0.5 - (right * width + down * height) / 2), Float(right), Float(down))]
        } else {
            var ramps: [(start: Float, right: Float, down: Float)] = []
            for _ in 0...Int(random.next() % 3) {
                let (x, y, angle) = (random.uniform() * width, random.uniform() * height, random.symmetric(.pi))
                let softness = height * random.uniform(0.05, 1)
                let (right, down) = (cosine(angle) / softness, sine(angle) / softness)
                ramps.append((Float(0.5 - x * right - y * down), Float(right), Float(down)))
            }
            self.ramps = ramps
        }
    }

    private init(depth: Double, ramps: [(start: Float, right: Float, down: Float)]) {
        (self.depth, self.ramps) = (Float(depth), ramps)
    }

    /// A shadow of the given depth, with one straight, soft edge near the middle.
    static func edge(depth: Double, of shape: Shape, using random: inout RandomStream) -> Shade {
        let (height, width) = (Double(shape[0]), Double(shape[1]))
        let (x, y) = (random.uniform(0.35, 0.65) * width, random.uniform(0.35, 0.65) * height)
        let angle = random.symmetric(.pi)
        let softness = width / 30
        let (right, down) = (cosine(angle) / softness, sine(angle) / softness)
        return Shade(depth: depth, ramps: [(Float(0.5 - x * right - y * down), Float(right), Float(down))])
    }

    /// A gradient from one side to the other, of the given depth.
    static func gradient(depth: Double, of shape: Shape, using random: inout RandomStream) -> Shade {
        let (height, width) = (Double(shape[0]), Double(shape[1]))
        let angle = random.symmetric(.pi)
        let sum = abs(cosine(angle)) + abs(sine(angle))
        let (right, down) = (cosine(angle) / sum / width, sine(angle) / sum / height)
        return Shade(
            depth: depth, ramps: [(Float(0.5 - (right * width + down * height) / 2), Float(right), Float(down))])
    }

    /// Writes a row of the shade.
    fileprivate func fill(row: Int, _ line: UnsafeMutablePointer<Float>, count: Int) {
        for column in 0..<count { line[column] = depth }
        for ramp in ramps {
            let start = ramp.start + Float(row) * ramp.down
            for column in 0..<count {
                let t = start + Float(Int32(truncatingIfNeeded: column)) * ramp.right
                let low = t > 0 ? t : 0
                let inside = low < 1 ? low : 1
                line[column] *= inside * inside * (3 - 2 * inside)
            }
        }
    }
}

extension Tensor where Scalar == Float {
    /// A gray image `[height, width, 1]` in uneven light: ink v becomes 1 − (1 − v)(1 − s).
    package func shaded(by shade: Shade) -> Tensor {
        let (height, width) = (shape[0], shape[1])
        return Tensor(shape: shape) { out in
            withUnsafeBuffer { ink in
                guard let out = out.baseAddress, let ink = ink.baseAddress else { return }
                for row in 0..<height {
                    let (result, line) = (out + row * width, ink + row * width)
                    shade.fill(row: row, result, count: width)
                    for column in 0..<width { result[column] += line[column] * (1 - result[column]) }
                }
            }
        }
    }
}
