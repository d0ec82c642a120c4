import DuctusData

/// Samples to distort, and every operation on its own.
enum Distortions {
    static func image(_ height: Int, _ width: Int, seed: UInt64 = 7) -> Tensor<Float> {
        var random = RandomStream(seed: seed)
        return .uniform([height, width, 1], using: &random)
    }

    private static let map: Tensor<Int32> = {
        var random = RandomStream(seed: 3)
        return .integers([40, 32], in: 0...2, using: &random)
    }()

    static let line = Example(input: image(28, 90), labels: Tensor([1, 2, 3], shape: [3]))
    static let character = Example(input: image(28, 28), labels: Tensor(4))
    static let page = Example(input: image(40, 32), labels: map)
    static let samples = [line, character, page]

    static func distorted(_ example: Example, _ augmentation: Augmentation, seed: Int = 5) -> Example {
        var random = RandomStream(seed: UInt64(seed))
        return augmentation.apply(to: example, using: &random)
    }

    /// All that one loader does to lines.
    static func batches(_ loader: BatchLoader, epoch: Int = 0) -> [Batch] {
        loader.plan(epoch: epoch).map { loader.batch($0, epoch: epoch) }
    }

    static func loader(
        _ lines: [Example], batchSize: Int = 4, _ augmentation: Augmentation?, space: Int32? = nil
    ) -> BatchLoader {
        let names = lines.indices.map { "line \($0)" }
        let expectation = Expectation(shape: [lines[0].input.shape[0], nil, 1], classes: 10)
        return BatchLoader(
            ExampleCache(examples: lines, names: names, expectation: expectation), batchSize: batchSize,
            shuffles: true, seed: 3, augmentation: augmentation, space: space)
    }

    /// Lines of different widths, whose first label is their number.
    static func lines(_ count: Int, height: Int = 28) -> [Example] {
        (0..<count).map {
            Example(
                input: image(height, 20 + $0 * 17 % 80, seed: UInt64($0)),
                labels: Tensor([Int32($0)] + [Int32](repeating: 2, count: $0 % 4)))
        }
    }

    /// FNV-1a, of an example's pixels and labels after a digest of others.
    static func digest(_ input: Tensor<Float>, _ labels: Tensor<Int32>, after start: UInt64? = nil) -> UInt64 {
        let words = input.scalars.map(\.bitPattern) + labels.scalars.map { UInt32(bitPattern: $0) }
        return words.reduce(start ?? 0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    /// An augmentation of one operation, strong enough that it always shows.
    struct Operation: Sendable, CustomStringConvertible {
        let name: String
        let augmentation: Augmentation
        var description: String { name }

        /// With another chance.
        func chosen(_ probability: Double) -> Augmentation {
            var augmentation = augmentation
            augmentation.probability = probability
            return augmentation
        }
    }

    /// Those that move pixels.
    static let motions = [
        Operation(name: "shear", augmentation: Augmentation(shear: 0.5)),
        Operation(name: "stretch", augmentation: Augmentation(stretch: 0.3)),
        Operation(name: "scale", augmentation: Augmentation(scale: 0.3)),
        Operation(name: "shift", augmentation: Augmentation(shift: 0.2)),
        Operation(name: "rotation", augmentation: Augmentation(rotation: 10)),
        Operation(name: "elasticity", augmentation: Augmentation(elasticity: 0.1)),
        Operation(name: "perspective", augmentation: Augmentation(perspective: 0.5)),
        Operation(name: "verticalShear", augmentation: Augmentation(verticalShear: 0.1)),
        Operation(name: "jitter", augmentation: Augmentation(jitter: 0.2)),
    ]
    /// Those that change pixels.
    static let retouchings = [
        Operation(name: "contrast", augmentation: Augmentation(contrast: 0.5)),
        Operation(name: "strokes", augmentation: Augmentation(strokes: 1)),
        Operation(name: "gamma", augmentation: Augmentation(gamma: 0.7)),
        Operation(name: "blots", augmentation: Augmentation(blots: 50)),
        Operation(name: "rules", augmentation: Augmentation(rules: 1)),
        Operation(name: "shading", augmentation: Augmentation(shading: 0.9)),
        Operation(name: "blur", augmentation: Augmentation(blur: 2)),
        Operation(name: "brightness", augmentation: Augmentation(brightness: 0.3)),
        Operation(name: "noise", augmentation: Augmentation(noise: 0.3)),
        Operation(name: "compression", augmentation: Augmentation(compression: 0.9)),
    ]
    static let operations = motions + retouchings

    static let everything = Augmentation(
        probability: 0.7, shear: 0.3, stretch: 0.15, scale: 0.1, shift: 0.05, contrast: 0.2, mirrors: true, rotation: 5,
        elasticity: 0.06, perspective: 0.3, verticalShear: 0.02, jitter: 0.1, strokes: 0.8, gamma: 0.3, blots: 2,
        rules: 0.6, shading: 0.4, blur: 1, halving: 0.3, brightness: 0.2, noise: 0.2, compression: 0.8, neighbors: 0.2,
        joining: 0.3)
}
