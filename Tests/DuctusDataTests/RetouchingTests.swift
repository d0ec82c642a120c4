import DuctusData
import DuctusTestSupport
import Testing

/// Thicker and thinner strokes, and blur.
@Suite struct RetouchingTests {
    private func pixel(_ image: Tensor<Float>, _ y: Int, _ x: Int) -> Float {
        y < 0 || x < 0 || y >= image.shape[0] || x >= image.shape[1] ? 0 : image[y, x, 0]
    }

    /// A function of the neighborhood of every pixel.
    private func filtered(_ image: Tensor<Float>, radius: Int, _ body: ([(y: Int, x: Int, value: Float)]) -> Float)
        -> [Float]
    {
        let around = (-radius...radius).flatMap { y in (-radius...radius).map { (y, $0) } }
        return (0..<image.shape[0]).flatMap { y in
            (0..<image.shape[1]).map { x in body(around.map { ($0, $1, pixel(image, y + $0, x + $1)) }) }
        }
    }

    @Test(arguments: [(1, 1), (1, 7), (5, 1), (2, 2), (9, 13)])
    func strokesAreMixedWithMorphology(height: Int, width: Int) {
        let image = AugmentationTests.image(height, width)
        let most = filtered(image, radius: 1) { $0.map(\.value).max() ?? 0 }
        let least = filtered(image, radius: 1) { $0.map(\.value).min() ?? 0 }
        #expect(zip(image.strokesThickened(by: 1).scalars, most).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(zip(image.strokesThickened(by: -1).scalars, least).allSatisfy { abs($0 - $1) < 1e-6 })
        for share in [Float(0.3), 0.8] {
            let thicker = zip(image.scalars, most).map { $0 + share * ($1 - $0) }
            let thinner = zip(image.scalars, least).map { $0 + share * ($1 - $0) }
            #expect(zip(image.strokesThickened(by: share).scalars, thicker).allSatisfy { abs($0 - $1) < 1e-6 })
            #expect(zip(image.strokesThickened(by: -share).scalars, thinner).allSatisfy { abs($0 - $1) < 1e-6 })
        }
        #expect(image.strokesThickened(by: 0) == image)
    }

    /// Dilation removes no ink, erosion adds none, and neither changes the background far from ink.
    @Test func strokesGrowAndShrink() {
        let stroke = Tensor<Float>(
            (0..<20 * 20).map { (8...10).contains($0 % 20) && (3...16).contains($0 / 20) ? Float(0.8) : 0 },
            shape: [20, 20, 1])
        let ink = stroke.sum().item()
        var last = ink
        for share in [Float(0.25), 0.5, 1] {
            let (thick, thin) = (stroke.strokesThickened(by: share), stroke.strokesThickened(by: -share))
            #expect(thick.sum().item() > last)
            last = thick.sum().item()
            #expect(thin.sum().item() < ink)
            #expect(thick[0, 0, 0] == 0)
            #expect(thick[9, 12, 0] == 0)
            #expect(zip(thick.scalars, stroke.scalars).allSatisfy { ($1...0.8).contains($0) })
            #expect(zip(thin.scalars, stroke.scalars).allSatisfy { (0...$1).contains($0) })
            #expect(abs(thick[9, 11, 0] - 0.8 * share) < 1e-6)
            #expect(abs(thin[9, 10, 0] - 0.8 * (1 - share)) < 1e-6)
        }
    }

    @Test(arguments: [0.3, 1, 2.4]) func blurIsAGaussian(deviation: Double) {
        let image = AugmentationTests.image(11, 17)
        let radius = Int((3 * deviation).rounded(.up))
        func bell(_ x: Int) -> Double { exponential(-Double(x * x) / (2 * deviation * deviation)) }
        let sum = (-radius...radius).map(bell).reduce(0, +)
        let expected = filtered(image, radius: radius) { around in
            Float(around.reduce(0) { $0 + bell($1.y) * bell($1.x) * Double($1.value) } / (sum * sum))
        }
        #expect(zip(image.blurred(deviation).scalars, expected).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test func blurKeepsInkInTheInterior() {
        var dot = Tensor<Float>.zeros([21, 21, 1])
        dot[10, 10, 0] = 1
        for deviation in [0.01, 0.5, 1.3, 3] {
            let blurred = dot.blurred(deviation)
            #expect(abs(blurred.sum().item() - 1) < 1e-5)
            #expect(blurred[10, 9, 0] == blurred[10, 11, 0])
            #expect(blurred[9, 10, 0] == blurred[10, 11, 0])
        }
        #expect(dot.blurred(0) == dot)
        let gray = Tensor<Float>(repeating: 0.5, shape: [40, 40, 1]).blurred(2)
        #expect(abs(gray[20, 20, 0] - 0.5) < 1e-6)
        #expect(gray[0, 20, 0] < 0.4)
    }
}
