/// The four knots around a position, in units of their spacing, and their weights there: the values of a cubic
/// B-spline, which add up to 1.
package struct CubicBSpline {
    /// The index of the first knot.
    package let first: Int
    /// The weights of the four knots.
    package let weights: SIMD4<Float>

    /// The knots around a nonnegative position.
    package init(at position: Double) {
        first = Int(position)
        let t = Float(position - Double(first))
        let s = 1 - t
        let inner = SIMD2(4 - 3 * t * t * (1 + s), 4 - 3 * s * s * (1 + t))
        weights = SIMD4(s * s * s, inner.x, inner.y, t * t * t) / 6
    }
}
