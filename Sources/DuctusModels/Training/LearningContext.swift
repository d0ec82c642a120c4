/// What a loss or metric of a configuration file is made for.
public struct LearningContext: Sendable {
    /// The network being trained.
    public let network: any Network
    /// The characters that the classes stand for, if they do.
    public let characters: Alphabet?
    /// The name of the configuration file in error messages.
    public let file: String

    /// Creates a context.
    public init(network: any Network, characters: Alphabet? = nil, file: String) {
        (self.network, self.characters, self.file) = (network, characters, file)
    }
}
