import DuctusData
import DuctusTestSupport
import Testing

@Suite struct AugmentationTests {
    static func image(_ height: Int, _ width: Int, seed: UInt64 = 7) -> Tensor<Float> {
        var random = RandomStream(seed: seed)
        return .uniform([height, width, 1], using: &random)
    }

    static func map(_ height: Int, _ width: Int) -> Tensor<Int32> {
        var random = RandomStream(seed: 3)
        return .integers([height, width], in: 0...2, using: &random)
    }

    /// A line of text, a character, and a page with its map.
    static let examples = [
        Example(input: image(28, 90), labels: Tensor([1, 2, 3], shape: [3])),
        Example(input: image(28, 28), labels: Tensor(4)),
        Example(input: image(40, 32), labels: map(40, 32)),
    ]

    static let everything = Augmentation(
        shear: 0.3, stretch: 0.15, scale: 0.1, shift: 0.05, contrast: 0.2, mirrors: true, rotation: 5,
        elasticity: 0.06, strokes: 0.8, blur: 1, brightness: 0.2, noise: 0.2)

    static func distorted(_ example: Example, _ augmentation: Augmentation, seed: Int = 5) -> Example {
        var random = RandomStream(seed: UInt64(seed))
        return augmentation.apply(to: example, using: &random)
    }

    /// Digests of the pixels and labels of three samples from one stream, as they were when shear, stretch, scale,
    /// shift, contrast and mirrors were all there was to draw.
    struct Pin: Sendable {
        let example: Int
        let augmentation: Augmentation
        let pixels: [UInt64]
        var labels: [UInt64]?
    }

    static let pins = [
        Pin(
            example: 0, augmentation: Augmentation(shear: 0.3, stretch: 0.15, scale: 0.1, shift: 0.05, contrast: 0.2),
            pixels: [10_057_409_021_978_953_027, 13_454_588_371_871_429_254, 10_170_130_446_361_168_081]),
        Pin(
            example: 1, augmentation: Augmentation(shear: 0.3, scale: 0.1, contrast: 0.2),
            pixels: [497_925_275_187_088_773, 16_003_157_036_811_486_861, 6_920_891_918_370_299_181]),
        Pin(
            example: 2,
            augmentation: Augmentation(stretch: 0.1, scale: 0.1, shift: 0.06, contrast: 0.2, mirrors: true),
            pixels: [7_879_451_556_384_422_858, 17_005_512_705_444_027_794, 977_479_395_636_383_154],
            labels: [3_478_676_915_494_370_218, 8_696_193_130_273_286_749, 574_709_234_508_548_807]),
    ]

    /// Earlier training runs can be repeated from their seeds, to the last bit.
    @Test(arguments: pins) func earlierDrawsAreRepeated(pin: Pin) {
        var random = RandomStream(seed: 5)
        for sample in 0..<3 {
            let result = pin.augmentation.apply(to: Self.examples[pin.example], using: &random)
            #expect(digest(result.input.scalars.map(\.bitPattern)) == pin.pixels[sample])
            if let labels = pin.labels {
                #expect(digest(result.labels.scalars.map { UInt32(bitPattern: $0) }) == labels[sample])
            }
        }
    }

    /// FNV-1a.
    private func digest(_ words: [UInt32]) -> UInt64 {
        words.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    @Test func zerosChangeNothing() {
        for example in Self.examples {
            let same = Self.distorted(example, Augmentation(smoothness: 0.7))
            #expect(same.input == example.input)
            #expect(same.labels == example.labels)
        }
    }

    @Test func onlyLinesChangeTheirWidth() {
        var widths: Set<Int> = []
        for seed in 0..<40 {
            for (kind, example) in Self.examples.enumerated() {
                let result = Self.distorted(example, Self.everything, seed: seed)
                #expect(result.input.withUnsafeBuffer { $0.allSatisfy { 0...1 ~= $0 } })
                #expect(result.labels.shape == example.labels.shape)
                // Of a line, the width changes; of a page, the map does.
                if kind != 2 { #expect(result.labels == example.labels) }
                if kind != 0 { #expect(result.input.shape == example.input.shape) }
                if kind == 0 { widths.insert(result.input.shape[1]) }
            }
        }
        #expect(widths.count > 10)
        #expect(widths.allSatisfy { 77...105 ~= $0 })
    }

    @Test func samplesFollowFromTheStream() {
        for example in Self.examples {
            let (a, b) = (Self.distorted(example, Self.everything), Self.distorted(example, Self.everything, seed: 6))
            let again = Self.distorted(example, Self.everything)
            #expect(a.input == again.input)
            #expect(a.labels == again.labels)
            #expect(a.input != b.input)
        }
    }

    /// A map that is drawn as an image stays the same picture as the image.
    @Test(arguments: [
        Augmentation(shear: 0.3, stretch: 0.1, scale: 0.1, shift: 0.1, mirrors: true), Augmentation(rotation: 90),
        Augmentation(elasticity: 0.1), everything,
    ])
    func imageAndMapMoveTogether(augmentation: Augmentation) {
        // Two disks, far from symmetric.
        let labels = (0..<64 * 48).map { index -> Int32 in
            func isInDisk(_ y: Int, _ x: Int, square: Int) -> Bool {
                let (down, right) = (index / 48 - y, index % 48 - x)
                return down * down + right * right < square
            }
            return isInDisk(20, 15, square: 90) || isInDisk(44, 30, square: 60) ? 1 : 0
        }
        let map = Tensor(labels, shape: [64, 48])
        let example = Example(input: Tensor<Float>(map).reshaped(to: [64, 48, 1]), labels: map)
        var geometry = augmentation
        (geometry.contrast, geometry.strokes, geometry.blur) = (0, 0, 0)
        (geometry.brightness, geometry.noise) = (0, 0)
        for seed in 0..<20 {
            let result = Self.distorted(example, geometry, seed: seed)
            let (image, map) = (result.input.scalars, result.labels.scalars)
            // Bilinear at a half or more is not always nearest at the edge, but then close to it.
            let differing = zip(image, map).count { ($0 >= 0.5) != ($1 == 1) }
            let edge = image.count { (0.05...0.95).contains($0) }
            #expect(differing <= edge / 3)
            #expect(zip(image, map).allSatisfy { $1 == 1 ? $0 > 0.2 : $0 < 0.8 })
            #expect(map.contains(1))
        }
    }

    /// The same stream moves an image and its map the same way, whatever else is done to the image.
    @Test func retouchingLeavesTheMapAlone() {
        var geometry = Self.everything
        (geometry.strokes, geometry.blur, geometry.brightness, geometry.noise) = (0, 0, 0, 0)
        let page = Self.examples[2]
        let (moved, all) = (Self.distorted(page, geometry), Self.distorted(page, Self.everything))
        #expect(moved.labels == all.labels)
        #expect(moved.labels != page.labels)
        #expect(moved.input != all.input)
        let retouching = Augmentation(contrast: 0.5, strokes: 1, blur: 2, brightness: 0.3, noise: 0.3)
        #expect(Self.distorted(page, retouching).labels == page.labels)
    }

    @Test func brightnessIsAdded() {
        let gray = Example(input: Tensor(repeating: 0.5, shape: [8, 8, 1]), labels: Tensor(0))
        let values = (0..<50).map { seed -> Float in
            let pixels = Self.distorted(gray, Augmentation(brightness: 0.2), seed: seed).input.scalars
            #expect(Set(pixels).count == 1)
            return pixels[0]
        }
        #expect(values.allSatisfy { abs($0 - 0.5) <= 0.2 })
        #expect(values.contains { $0 < 0.4 })
        #expect(values.contains { $0 > 0.6 })
    }

    @Test func noiseIsNormal() {
        let gray = Example(input: Tensor(repeating: 0.5, shape: [64, 64, 1]), labels: Tensor(0))
        var deviations: [Double] = []
        for seed in 0..<60 {
            let pixels = Self.distorted(gray, Augmentation(noise: 0.1), seed: seed).input.scalars.map {
                Double($0) - 0.5
            }
            let count = Double(pixels.count)
            let mean = pixels.reduce(0, +) / count
            let deviation = (pixels.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
            #expect(abs(mean) < 5 * deviation / 64)
            // Neighbors are independent, and the tails are those of a normal distribution.
            let products = zip(pixels, pixels.dropFirst()).map { $0 * $1 }
            #expect(abs(products.reduce(0, +) / count) < 5 * deviation * deviation / 64)
            #expect(120...260 ~= pixels.count { abs($0) > 2 * deviation })
            deviations.append(deviation)
        }
        // Uniform in 0 … 0.1.
        #expect(deviations.allSatisfy { $0 < 0.106 })
        #expect(deviations.contains { $0 < 0.02 })
        #expect(deviations.contains { $0 > 0.08 })
    }

    @Test func targetsAreKept() throws {
        let examples = (0..<2).map {
            Example(input: Distortions.image(28, 20, seed: UInt64($0)), targets: Tensor([Float($0)]))
        }
        let targets: Tensor<Float> = [[0], [1]]
        // Like characters, images with targets keep their size, move along both axes, and have no neighbors.
        let stretched = try Distortions.loader(examples, Augmentation(stretch: 0.5, shift: 0.2)).load([0, 1], epoch: 0)
        #expect(stretched.targets == targets)
        #expect(stretched.widths == [20, 20])
        #expect(stretched.input[0] != examples[0].input)
        let untouched = try Distortions.loader(examples, Augmentation(neighbors: 0.5)).load([0, 1], epoch: 0)
        #expect(untouched.targets == targets)
        #expect(untouched.input[0] == examples[0].input)
    }

    @Test func colorImagesTrap() async {
        await #expect(processExitsWith: .failure) {
            var random = RandomStream(seed: 1)
            let color = Example(input: .zeros([4, 4, 3]), labels: Tensor(0))
            _ = Augmentation().apply(to: color, using: &random)
        }
    }
}
