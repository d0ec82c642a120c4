import DuctusData

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// The effect of a moving hand on level letters: slant, stretching, drift off the baseline, elastic distortion, and
/// varying pen pressure.
package struct Motion {
    private let hand: Hand
    private let length: Float
    private let (wave, waveStart, waveHeight, rise): (Float, Float, Float, Float)
    private let amount: Float
    private let (sideways, upright, leaning, pressing): (SmoothNoise, SmoothNoise, SmoothNoise, SmoothNoise)

    /// A random motion over letters within a bounding box.
    package init(_ hand: Hand, from lower: Point, to upper: Point, using random: inout RandomStream) {
        self.hand = hand
        length = max(upper.x, 1)
        (wave, waveStart) = (Float(random.uniform(0.3...2.5)), Float(random.uniform()))
        (waveHeight, rise) = (random.normal(0.1 * hand.irregularity), random.normal(0.25 * hand.irregularity))
        let cell = Float(random.uniform(0.6...1.6))
        amount = Float(hand.irregularity * random.uniform(0.02...0.08))
        sideways = SmoothNoise(from: lower, to: upper, cell: cell, using: &random)
        upright = SmoothNoise(from: lower, to: upper, cell: cell, using: &random)
        leaning = SmoothNoise(from: lower, to: upper, cell: 3, using: &random)
        pressing = SmoothNoise(from: lower, to: upper, cell: 1.2, using: &random)
    }

    /// The letters as written on the page, with strokes of the pen that are at least `finest` wide.
    package func write(_ letters: Contours, finest: Float) -> Contours {
        letters.map { contour in
            let moved = contour.map(moved)
            return contour.indices.map { index in
                let before = moved[index == 0 ? moved.count - 1 : index - 1]
                let after = moved[index == moved.count - 1 ? 0 : index + 1]
                let (arriving, leaving) = (unit(moved[index] - before), unit(after - moved[index]))
                let sum = arriving + leaving
                // At corners the offset grows, but it is bounded.
                let tangent = sum / max(0.5 * (sum * sum).sum(), 0.7)
                let outward = Point(tangent.y, -tangent.x)
                return moved[index] + outward * widening(at: contour[index], across: outward, finest: finest)
            }
        }
    }

    private func unit(_ vector: Point) -> Point { vector / max(vector.length, 1e-6) }

    private func moved(_ point: Point) -> Point {
        let along = point.x / length
        let drift = waveHeight * sin(2 * .pi * (wave * along + waveStart)) + rise * (along - 0.5)
        let slant = Float(hand.slant) + 0.06 * Float(hand.irregularity) * leaning(point)
        let x = (point.x + amount * sideways(point)) * Float(hand.width)
        let y = point.y + amount * upright(point)
        return Point(x + slant * y, y + drift)
    }

    /// The distance by which the pen widens the outline of the font.
    private func widening(at point: Point, across normal: Point, finest: Float) -> Float {
        var wanted = Float(hand.strokeWidth) * (1 + Float(hand.pressure) * pressing(point))
        if hand.nib > 0 {
            let along = (normal * direction(hand.nibAngle)).sum()
            wanted *= 1 + Float(hand.nib) * (along * along - 0.5)
        }
        let (stroke, hairline) = (Float(hand.font.strokeWidth), Float(hand.font.hairline))
        return max(wanted - stroke, finest - hairline) / 2
    }
}
