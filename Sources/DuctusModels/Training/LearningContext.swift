/// What a loss or a metric that a file chooses has to know.
public struct LearningContext: Sendable {
    /// The network that is trained.
    public let network: any Network
    /// What its classes stand for, where they are characters.
    public let characters: Alphabet?
    /// What errors call the configuration file.
    public let file: String

    /// What is known when a training run begins.
    public init(network: any Network, characters: Alphabet? = nil, file: String) {
        (self.network, self.characters, self.file) = (network, characters, file)
    }
}
