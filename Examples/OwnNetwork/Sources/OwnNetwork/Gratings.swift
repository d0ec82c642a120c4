import Ductus

/// A custom data set: noisy gratings in one of four orientations. In a file, it is `"kind": "gratings"`, or with
/// settings `"kind": {"name": "gratings", "noise": 0.5}`.
struct Gratings: DataKind {
    static let name = "gratings"
    /// The number of gratings per split.
    var count = 400
    /// The standard deviation of the noise.
    var noise = 0.2
    var problem: String? { problem("count", count, in: 1...1_000_000) ?? problem("noise", noise, in: 0...1) }

    func images(split: String) -> GratingImages { GratingImages(gratings: self, seed: split == "train" ? 1 : 2) }
}

/// The gratings of a split. Sample i depends only on the settings, the split, and i.
struct GratingImages: Dataset {
    let gratings: Gratings
    let seed: UInt64

    var count: Int { gratings.count }
    let expectation = Expectation(shape: [16, 16, 1], classes: 4)
    func name(of index: Int) -> String { "grating \(index)" }
    func raw(_ index: Int) -> (orientation: Int, random: RandomStream) {
        (index % 4, RandomStream(seed: seed).split(index))
    }

    func transform(_ raw: (orientation: Int, random: RandomStream), name: String) -> Example {
        var random = raw.random
        let (dx, dy) = [(1, 0), (0, 1), (1, 1), (1, -1)][raw.orientation]
        let phase = Int.random(in: 0..<4, using: &random)
        let stripes = (0..<256).map { Float(($0 % 16 * dx + $0 / 16 * dy + phase + 16) % 4 / 2) }
        let noise = Tensor<Float>.normal([16, 16, 1], standardDeviation: Float(gratings.noise), using: &random)
        return Example(
            input: (Tensor(stripes, shape: [16, 16, 1]) + noise).clipped(to: 0...1),
            labels: Tensor(Int32(raw.orientation)))
    }
}

/// What the samples depend on, so that runs can record the data version and cache features.
extension GratingImages: FeatureSource {
    static let codeVersion = "gratings 1"
    var settings: any Encodable & Sendable { gratings }
    func ingredients(of index: Int) -> [Ingredient] { [.text("\(seed) \(index)")] }
}
