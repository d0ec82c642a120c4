/// MNIST, the digits of LeCun et al.; see ``CharacterImages/mnist(in:split:)``.
public struct MNISTData: CharacterDataKind {
    public static let name = "mnist"

    /// The kind, which has no settings.
    public init() {}

    public func splitNames(in directory: String) -> [String] { ["train", "test"] }

    public func characters(in directory: String, split: String) throws -> CharacterImages {
        try .mnist(in: directory, split: split)
    }
}

/// The ByClass split of EMNIST; see ``CharacterImages/emnist(in:split:)``.
public struct EMNISTData: CharacterDataKind {
    public static let name = "emnist"

    /// The kind, which has no settings.
    public init() {}

    public func splitNames(in directory: String) -> [String] { ["train", "test"] }

    public func characters(in directory: String, split: String) throws -> CharacterImages {
        try .emnist(in: directory, split: split)
    }
}
