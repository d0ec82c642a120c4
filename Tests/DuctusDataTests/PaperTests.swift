import DuctusData
import DuctusTestSupport
import Testing

/// Marks on paper, shadows, and what scanners and files lose.
@Suite struct PaperTests {
    private func pixel(_ image: Tensor<Float>, _ y: Int, _ x: Int) -> Double {
        Double(image[min(max(y, 0), image.shape[0] - 1), min(max(x, 0), image.shape[1] - 1), 0])
    }

    @Test(arguments: [(1, 1), (2, 2), (1, 5), (7, 1), (9, 14), (12, 15)])
    func halvingIsMeansAndInterpolation(height: Int, width: Int) {
        let image = Distortions.image(height, width)
        let (rows, columns) = ((height + 1) / 2, (width + 1) / 2)
        func mean(_ y: Int, _ x: Int) -> Double {
            let (y, x) = (2 * min(max(y, 0), rows - 1), 2 * min(max(x, 0), columns - 1))
            return (pixel(image, y, x) + pixel(image, y, x + 1) + pixel(image, y + 1, x) + pixel(image, y + 1, x + 1))
                / 4
        }
        let halved = image.halved()
        for y in 0..<height {
            for x in 0..<width {
                // Centers of pixels in units of the means' distance.
                let (v, u) = (Double(y) / 2 - 0.25, Double(x) / 2 - 0.25)
                let (i, j) = (v.rounded(.down), u.rounded(.down))
                let (above, left) = (Int(i), Int(j))
                let upper = mean(above, left) * (1 - u + j) + mean(above, left + 1) * (u - j)
                let lower = mean(above + 1, left) * (1 - u + j) + mean(above + 1, left + 1) * (u - j)
                #expect(abs(Double(halved[y, x, 0]) - (upper * (1 - v + i) + lower * (v - i))) < 1e-6)
            }
        }
    }

    /// The definition of the transform, with the first steps of table K.1 written out.
    @Test(arguments: [(0, 0), (3, 5)]) func compressionRoundsCosines(down: Int, right: Int) {
        let image = Distortions.image(13, 20)
        let compressed = image.compressed(BlockCompression(quality: 50), down: down, right: right)
        let table: [[Double]] = [
            [16, 11, 10, 16, 24, 40, 51, 61], [12, 12, 14, 19, 26, 58, 60, 55], [14, 13, 16, 24, 40, 57, 69, 56],
            [14, 17, 22, 29, 51, 87, 80, 62], [18, 22, 37, 56, 68, 109, 103, 77], [24, 35, 55, 64, 81, 104, 113, 92],
            [49, 64, 78, 87, 103, 121, 120, 101], [72, 92, 95, 98, 112, 100, 103, 99],
        ]
        func basis(_ k: Int, _ x: Int) -> Double {
            (k == 0 ? 0.5.squareRoot() : 1) * cosine(Double(2 * x + 1) * Double(k) * .pi / 16) / 2
        }
        var differences = 0
        for (top, left) in [(-down, -right), (8 - down, 8 - right), (8 - down, 16 - right)] {
            var coefficients = [[Double]](repeating: [Double](repeating: 0, count: 8), count: 8)
            for k in 0..<8 {
                for l in 0..<8 {
                    var sum = 0.0
                    for y in 0..<8 {
                        for x in 0..<8 {
                            sum += basis(k, y) * basis(l, x) * (127 - 255 * pixel(image, top + y, left + x))
                        }
                    }
                    coefficients[k][l] = (sum / table[k][l]).rounded(.toNearestOrEven) * table[k][l]
                }
            }
            for y in max(0, -top)..<min(8, 13 - top) {
                for x in max(0, -left)..<min(8, 20 - left) {
                    var sum = 0.0
                    for k in 0..<8 { for l in 0..<8 { sum += basis(k, y) * basis(l, x) * coefficients[k][l] } }
                    let expected = min(max((127 - sum) / 255, 0), 1)
                    if abs(Double(compressed[top + y, left + x, 0]) - expected) > 1e-5 { differences += 1 }
                }
            }
        }
        #expect(differences == 0)
    }

    @Test func worseQualitiesLoseMore() {
        let image = Distortions.image(64, 200).blurred(1)
        func loss(_ quality: Double) -> Float {
            (image - image.compressed(BlockCompression(quality: quality), down: 2, right: 3)).squared().mean().item()
        }
        #expect(loss(100) < 1e-5)
        #expect(loss(90) > loss(100))
        #expect(loss(50) > loss(90))
        #expect(loss(20) > loss(50))
    }

    /// Light is lost by the same share, whatever is written there.
    @Test func shadesTakeLightFromPaperAndInk() {
        let image = Distortions.image(30, 100)
        var (deepest, kinds) = (Float(0), Set<Bool>())
        for seed in 0..<60 {
            var random = RandomStream(seed: UInt64(seed))
            let shade = Shade(darkest: 0.6, of: image.shape, using: &random)
            let shadow = Tensor<Float>.zeros(image.shape).shaded(by: shade)
            let written = image.shaded(by: shade)
            #expect(
                zip(zip(written.scalars, image.scalars), shadow.scalars).allSatisfy {
                    abs((1 - $0.0) - (1 - $0.1) * (1 - $1)) < 1e-5
                })
            #expect(shadow.scalars.allSatisfy { 0...0.6 ~= $0 })
            // Smooth: at the sharpest edge, over 1.5 pixels.
            let steps = zip(shadow.scalars, shadow.scalars.dropFirst()).enumerated().filter { $0.offset % 100 != 99 }
            #expect(steps.allSatisfy { abs($0.element.0 - $0.element.1) < 0.62 })
            deepest = max(deepest, shadow.max().item())
            kinds.insert(shadow.scalars.contains(0))
        }
        #expect(deepest > 0.5)
        #expect(kinds.count == 2)
    }

    @Test func marksAreDotsAndStrokes() {
        var paper = Tensor<Float>.zeros([20, 30, 1])
        paper.draw(Mark(from: [5, 10], to: [20, 10], radius: 2), opacity: 0.5)
        for y in 0..<20 {
            for x in 0..<30 {
                let beyond = max(5 - x, x - 20, 0)
                let distance = Float(beyond * beyond + (y - 10) * (y - 10)).squareRoot()
                #expect(abs(paper[y, x, 0] - 0.5 * min(max(2.5 - distance, 0), 1)) < 1e-5)
            }
        }
        paper.draw(Mark(from: [12, 10], to: [12, 10], radius: 1), opacity: 1, erases: true)
        #expect(paper[10, 12, 0] == 0)
        #expect(paper[10, 16, 0] == 0.5)
        let before = paper
        paper.draw(Mark(from: [-50, 3], to: [-40, 900], radius: 3), opacity: 1)
        paper.draw(Mark(from: [400, 400], to: [1e9, 400], radius: 3, softness: 8), opacity: 1)
        #expect(paper == before)
        paper.draw(Mark(from: [-1e6, 3], to: [1e6, 3], radius: 1), opacity: 1)
        #expect(paper.sliced(3..<4, axis: 0).scalars.allSatisfy { $0 == 1 })
    }

    /// Blots add and erase, and their number grows with the width.
    @Test func blotsAddAndErase() {
        let gray = Tensor<Float>(repeating: 0.5, shape: [64, 640, 1])
        var (darker, paler) = (0, 0)
        for seed in 0..<30 {
            let example = Example(input: gray, labels: Tensor([1], shape: [1]))
            let pixels = Distortions.distorted(example, Augmentation(blots: 2), seed: seed).input.scalars
            let (more, less) = (pixels.count { $0 > 0.5 }, pixels.count { $0 < 0.5 })
            #expect(more + less < pixels.count / 10)
            (darker, paler) = (darker + more, paler + less)
        }
        #expect(darker > 1000)
        #expect(paler > 1000)
    }

    /// A rule goes all along the line, nearly level.
    @Test func rulesAreLevel() {
        let line = Example(input: .zeros([64, 400, 1]), labels: Tensor([1], shape: [1]))
        var (single, several, squared) = (0, 0, 0)
        for seed in 0..<90 {
            let image = Distortions.distorted(line, Augmentation(rules: 1), seed: seed).input
            let columns = image.sum(axes: [0, 2]).scalars
            let rows = image.sum(axes: [1, 2]).scalars.count { $0 > 0 }
            #expect(columns.contains { $0 > 0 })
            if rows == 64 {
                squared += 1
            } else if rows < 10 {
                single += 1
            } else {
                several += 1
                #expect(rows < 60)
            }
        }
        #expect(single > 20)
        #expect(several > 8)
        #expect(squared > 20)
    }

    @Test func gammaKeepsPaperAndInk() {
        let steps = Example(input: Tensor([0, 0.25, 0.5, 0.75, 1], shape: [1, 5, 1]), labels: Tensor(0))
        var exponents: [Double] = []
        for seed in 0..<100 {
            let ink = Distortions.distorted(steps, Augmentation(gamma: 0.4), seed: seed).input.scalars.map(Double.init)
            #expect(ink[0] == 0)
            #expect(ink[4] == 1)
            let exponent = logarithm(ink[2]) / logarithm(0.5)
            #expect(abs(ink[1] - power(0.25, exponent)) < 1e-5)
            exponents.append(logarithm(exponent))
        }
        #expect(exponents.allSatisfy { abs($0) <= 0.4 + 1e-5 })
        #expect(exponents.contains { $0 < -0.3 })
        #expect(exponents.contains { $0 > 0.3 })
    }

    @Test func halvingIsAChance() {
        let count = (0..<400).count {
            Distortions.distorted(Distortions.line, Augmentation(probability: 0, halving: 0.3), seed: $0).input
                != Distortions.line.input
        }
        #expect(93...147 ~= count)
    }
}
