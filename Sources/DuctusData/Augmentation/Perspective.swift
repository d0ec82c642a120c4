/// A projective map along one axis that keeps both ends: the nearer end is magnified.
///
/// With x measured from the center and r half of the extent, position x of the result is at x' in the source, and
/// lengths across the axis are multiplied by s:
///
///     x' = r (u + g) / (1 + g u),  s = √(1 − g²) / (1 + g u),  u = x / r
///
/// so that the end at r is magnified (1 + g) / (1 − g) times as much as the end at −r.
struct Perspective {
    private let g: Double, r: Double

    /// - Parameters:
    ///   - change: the logarithm of the scale of the end relative to the beginning.
    ///   - extent: the length of the axis, in pixels.
    init(change: Double, extent: Int) {
        let ratio = exponential(change)
        (g, r) = ((ratio - 1) / (ratio + 1), Double(extent) / 2)
    }

    /// The position in the source.
    func place(_ x: Double) -> Double {
        // Exact where there is no perspective.
        g == 0 ? x : r * (x / r + g) / (1 + g * x / r)
    }

    /// The factor of lengths across the axis.
    func size(at x: Double) -> Double { (1 - g * g).squareRoot() / (1 + g * x / r) }
}
