import DuctusTensors

/// Single characters, 28 × 28, ink up to 1 on 0.
public struct CharacterDataset: Dataset {
    public let images: CharacterImages

    public init(_ images: CharacterImages) { self.images = images }

    /// - Parameter kind: `mnist` or `emnist`.
    public init(kind: String, directory: String, split: String) throws {
        switch kind {
        case "mnist": images = try .mnist(in: directory, split: split)
        case "emnist": images = try .emnist(in: directory, split: split)
        default: throw DatasetError.unknownKind(kind, available: ["mnist", "emnist"])
        }
    }

    public var count: Int { images.count }
    public var expectation: Expectation {
        Expectation(shape: [CharacterImages.side, CharacterImages.side, 1], classes: images.classNames.count)
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
