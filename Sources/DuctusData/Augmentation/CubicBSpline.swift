/// The four knots around a place on a line, which is measured in their distance, and what they weigh there: a cubic
/// B-spline's values, which add up to 1.
package struct CubicBSpline {
    /// The number of the first of the four.
    package let first: Int
    /// What each of the four weighs.
    package let weights: SIMD4<Float>

    /// The knots around a place of 0 at least.
    package init(at place: Double) {
        first = Int(place)
        let t = Float(place - Double(first))
        let s = 1 - t
        let inner = SIMD2(4 - 3 * t * t * (1 + s), 4 - 3 * s * s * (1 + t))
        weights = SIMD4(s * s * s, inner.x, inner.y, t * t * t) / 6
    }
}
