/// How a page lies before a camera: curled, turned, scaled, and seen from one side.
///
///     (x, y) ↦ H (x, y + a sin(2π x / λ + φ)),  H = T(view) · P · R(angle) · S(scale) · T(−center)
///
/// with a projection P(x, y) = (x, y) / (1 + g · (x, y)). Both directions are exact.
package struct PageWarp: Sendable {
    private let center: SIMD2<Double>, view: SIMD2<Double>
    private let scale: Double, cosine: Double, sine: Double
    private let tilt: SIMD2<Double>
    private let curl: Double, frequency: Double, phase: Double

    /// - Parameters:
    ///   - center: the point of the page that is seen at `view`.
    ///   - view: the point of the view.
    ///   - scale: pixels of the view for one of the page.
    ///   - angle: the clockwise rotation in radians.
    ///   - tilt: the projection, per pixel of the view.
    ///   - curl: the height of waves, in pixels of the page.
    ///   - wavelength: the length of waves, in pixels of the page.
    ///   - phase: the phase of waves in radians.
    package init(
        center: SIMD2<Double>, view: SIMD2<Double>, scale: Double = 1, angle: Double = 0, tilt: SIMD2<Double> = .zero,
        curl: Double = 0, wavelength: Double = 1, phase: Double = 0
    ) {
        (self.center, self.view, self.scale, self.tilt) = (center, view, scale, tilt)
        (cosine, sine) = (DuctusTensors.cosine(angle), DuctusTensors.sine(angle))
        (self.curl, frequency, self.phase) = (curl, 2 * .pi / wavelength, phase)
    }

    private func wave(_ x: Double) -> Double { curl == 0 ? 0 : curl * DuctusTensors.sine(frequency * x + phase) }

    /// The point of the view at which a point of the page is seen.
    package func callAsFunction(_ point: SIMD2<Double>) -> SIMD2<Double> {
        let flat = SIMD2(point.x, point.y + wave(point.x)) - center
        let turned = SIMD2(flat.x * cosine - flat.y * sine, flat.x * sine + flat.y * cosine) * scale
        return turned / max(1 + (tilt * turned).sum(), 0.1) + view
    }

    /// The point of the page that is seen at a point of the view.
    package func inverse(_ point: SIMD2<Double>) -> SIMD2<Double> {
        let seen = point - view
        let turned = seen / (1 - (tilt * seen).sum()) / scale
        let flat = SIMD2(turned.x * cosine + turned.y * sine, turned.y * cosine - turned.x * sine) + center
        return SIMD2(flat.x, flat.y - wave(flat.x))
    }
}
