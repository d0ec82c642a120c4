/// Single characters of 28 × 28 pixels, ink up to 1 on a background of 0.
///
/// ```swift
/// let digits = try CharacterDataset(kind: "mnist", directory: "data/mnist", split: "train")
/// digits.raw(0).label                    // 5
/// try digits.transformed(0).input.shape  // [28, 28, 1]
/// ```
public struct CharacterDataset: Dataset {
    /// The characters as bytes, with the names of their classes.
    public let images: CharacterImages

    /// A data set of images in memory.
    public init(_ images: CharacterImages) { self.images = images }

    /// Reads the files of a split.
    ///
    /// - Parameters:
    ///   - kind: a kind of data set with characters, such as `mnist` or `emnist`; see `Registries.dataKinds`.
    ///   - directory: where the files are; see ``CharacterImages/mnist(in:split:)`` for their names.
    ///   - split: `train` or `test`.
    ///   - isBalanced: whether classes larger than the mean are reduced to it; see ``CharacterImages/balanced(seed:)``.
    ///   - seed: the seed of the balanced selection and its order.
    /// - Throws: `ConfigurationError` for a kind without characters, ``DatasetError``.
    public init(
        kind: Choice, directory: String, split: String, isBalanced: Bool = false, seed: UInt64 = 0
    ) throws {
        let kind = try Registries.dataKinds.kind(kind, with: "characters", as: (any CharacterDataKind).self)
        let images = try kind.characters(in: directory, split: split)
        self.images = isBalanced ? images.balanced(seed: seed) : images
    }

    public var count: Int { images.count }
    public var expectation: Expectation {
        Expectation(
            shape: [CharacterImages.side, CharacterImages.side, 1], range: 0...1, classes: images.classNames.count)
    }

    public func name(of index: Int) -> String { "number \(index)" }

    public func raw(_ index: Int) -> (pixels: [UInt8], label: Int) { (images.image(index), images.labels[index]) }

    public func transform(_ raw: (pixels: [UInt8], label: Int), name: String) -> Example {
        Example(
            input: Tensor(
                raw.pixels.map { Float($0) / 255 }, shape: [CharacterImages.side, CharacterImages.side, 1]),
            labels: Tensor(Int32(raw.label)))
    }
}
