import DuctusData
import DuctusTestSupport
import Testing

/// The geometric map, of an image by bilinear interpolation and of a map of labels.
@Suite struct WarpTests {
    private let image = AugmentationTests.image(12, 17)
    private let labels = AugmentationTests.map(12, 17)

    private func warp(_ change: (inout Warp) -> Void) -> (image: Tensor<Float>, labels: Tensor<Int32>) {
        var warp = Warp(height: 12, width: 17)
        change(&warp)
        return (warp.image(image, ink: 1), warp.labels(labels))
    }

    @Test func theIdentityChangesNothing() {
        let same = warp { _ in }
        #expect(same.image == image)
        #expect(same.labels == labels)
    }

    @Test(arguments: [(0, 3), (2, 0), (-4, 5), (11, -16), (12, 0), (0, 17), (900, -900)])
    func wholeShiftsMovePixels(down: Int, right: Int) {
        let moved = warp { ($0.down, $0.right) = (Double(down), Double(right)) }
        for y in 0..<12 {
            for x in 0..<17 {
                let isInside = 0..<12 ~= y - down && 0..<17 ~= x - right
                #expect(moved.image[y, x, 0] == (isInside ? image[y - down, x - right, 0] : 0))
                #expect(moved.labels[y, x] == (isInside ? labels[y - down, x - right] : 0))
            }
        }
    }

    @Test func aHalfShiftIsTheMeanOfNeighbors() {
        let moved = warp { $0.right = 0.5 }.image
        for y in 0..<12 {
            for x in 1..<17 { #expect(abs(moved[y, x, 0] - (image[y, x, 0] + image[y, x - 1, 0]) / 2) < 1e-6) }
            #expect(abs(moved[y, 0, 0] - image[y, 0, 0] / 2) < 1e-6)
        }
    }

    @Test func mirroringFlipsColumns() {
        let mirrored = warp { $0.isMirrored = true }
        #expect(mirrored.image == image.flipped(axes: [1]))
        #expect(mirrored.labels == labels.flipped(axes: [1]))
    }

    @Test func aQuarterTurnIsCounterClockwise() {
        let square = AugmentationTests.image(9, 9)
        var warp = Warp(height: 9, width: 9)
        warp.angle = 90
        let turned = warp.image(square, ink: 1)
        for y in 0..<9 {
            for x in 0..<9 { #expect(abs(turned[8 - x, y, 0] - square[y, x, 0]) < 1e-6) }
        }
        warp.angle = 360
        #expect(zip(warp.image(square, ink: 1).scalars, square.scalars).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    /// A smooth disk looks the same from every side.
    @Test(arguments: [1.0, 17, -45, 133]) func aDiskIsTheSameAfterATurn(angle: Double) {
        let disk = Tensor<Float>(
            (0..<41 * 41).map { index in
                let (y, x) = (Double(index / 41 - 20), Double(index % 41 - 20))
                return Float(exponential(-(x * x + y * y) / 50))
            }, shape: [41, 41, 1])
        var warp = Warp(height: 41, width: 41)
        warp.angle = angle
        #expect(zip(warp.image(disk, ink: 1).scalars, disk.scalars).allSatisfy { abs($0 - $1) < 0.01 })
    }

    /// A vertical stroke leans by `slant` columns a row, about the middle.
    @Test func slantMovesRows() {
        var stroke = Tensor<Float>.zeros([11, 31, 1])
        for y in 0..<11 { stroke[y, 15, 0] = 1 }
        var warp = Warp(height: 11, width: 31)
        warp.slant = 2
        let leaning = warp.image(stroke, ink: 1)
        for y in 0..<11 {
            let x = 15 - 2 * (y - 5)
            #expect(leaning[y, x, 0] == 1)
            #expect(abs(leaning.sliced(y..<y + 1, axis: 0).sum().item() - 1) < 1e-6)
        }
    }

    @Test func stretchingMakesWiderAndKeepsTheMiddle() {
        let ramp = Tensor<Float>((0..<5 * 21).map { Float($0 % 21) / 20 }, shape: [5, 21, 1])
        var warp = Warp(height: 5, width: 21)
        (warp.horizontal, warp.newWidth) = (2, 42)
        let wide = warp.image(ramp, ink: 1)
        #expect(wide.shape == [5, 42, 1])
        for x in 1..<41 { #expect(abs(wide[2, x, 0] - Float((Double(x) - 20.5) / 2 + 10) / 20) < 1e-6) }
    }

    @Test func inkIsMultipliedAndSaturates() {
        let twice = Warp(height: 12, width: 17).image(image, ink: 2)
        #expect(zip(twice.scalars, image.scalars).allSatisfy { $0 == min(2 * $1, 1) })
        #expect(Warp(height: 12, width: 17).image(image, ink: -1).scalars.allSatisfy { $0 == 0 })
    }

    /// A field moves every pixel by its displacement.
    @Test func fieldsMovePixels() {
        var random = RandomStream(seed: 9)
        let field = ElasticField(height: 12, width: 17, amplitude: 2.5, smoothness: 2, using: &random)
        let moved = warp { $0.field = field }
        for y in 0..<12 {
            for x in 0..<17 {
                let move = field.displacement(x: Double(x), y: Double(y))
                let (sourceX, sourceY) = (Double(x) + move.x, Double(y) + move.y)
                func pixel(_ y: Double, _ x: Double) -> Double {
                    y < 0 || x < 0 || y > 11 || x > 16 ? 0 : Double(image[Int(y), Int(x), 0])
                }
                let (i, j) = (sourceY.rounded(.down), sourceX.rounded(.down))
                let (v, u) = (sourceY - i, sourceX - j)
                let expected =
                    (1 - v) * ((1 - u) * pixel(i, j) + u * pixel(i, j + 1))
                    + v * ((1 - u) * pixel(i + 1, j) + u * pixel(i + 1, j + 1))
                #expect(abs(Double(moved.image[y, x, 0]) - expected) < 1e-5)
                let (k, l) = (Int(sourceY.rounded()), Int(sourceX.rounded()))
                let isInside = 0..<12 ~= k && 0..<17 ~= l
                #expect(moved.labels[y, x] == (isInside ? labels[k, l] : 0))
            }
        }
    }
}
