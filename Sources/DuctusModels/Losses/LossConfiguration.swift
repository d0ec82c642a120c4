/// A loss that a configuration file chooses by name. Its properties are its settings.
///
/// ```json
/// "loss": { "name": "teacherForcing", "smoothing": 0.05 }
/// ```
public protocol LossConfiguration: Component {
    /// Makes the loss for a network.
    /// - Throws: `ConfigurationError` if the network cannot be trained with it.
    func loss(for context: LearningContext) throws -> Loss
}

extension Registries {
    /// The losses that configuration files can choose.
    public static let losses = Registry<any Component.Type>(
        "loss", [SoftmaxCrossEntropyLoss.self, CTCLoss.self, PositionsLoss.self, TeacherForcingLoss.self]
    ) { $0.name }
}

/// Softmax cross-entropy; see ``Loss/softmaxCrossEntropy(smoothing:ignoring:)``.
public struct SoftmaxCrossEntropyLoss: LossConfiguration {
    public static let name = "softmaxCrossEntropy"
    /// Label smoothing (Szegedy et al. 2016): the share of probability spread over all classes.
    public var smoothing = 0.0

    /// The defaults.
    public init() {}

    public var problem: String? { problem("smoothing", smoothing, in: 0...1) }

    public func loss(for context: LearningContext) -> Loss { .softmaxCrossEntropy(smoothing: smoothing) }
}

/// CTC loss; see ``Loss/ctc(blank:steps:shortcut:)``.
public struct CTCLoss: LossConfiguration {
    public static let name = "ctc"
    /// The weight of the loss of a second head, which some networks have during training.
    public var shortcut = 0.1

    /// The defaults.
    public init() {}

    public var problem: String? { problem("shortcut", shortcut, in: 0...1) }

    public func loss(for context: LearningContext) throws -> Loss {
        let (network, characters) = try context.lineNetwork(for: Self.name)
        return .ctc(blank: characters.blank, steps: network.steps, shortcut: shortcut)
    }
}

/// Softmax cross-entropy with one character per position; see ``Loss/positions(blank:)``.
public struct PositionsLoss: LossConfiguration {
    public static let name = "positions"
    /// There are no settings.
    public init() {}

    public func loss(for context: LearningContext) throws -> Loss {
        .positions(blank: try context.lineNetwork(for: Self.name).characters.blank)
    }
}

/// Softmax cross-entropy of the tokens of an autoregressive network; see ``Loss/teacherForcing(_:smoothing:)``.
public struct TeacherForcingLoss: LossConfiguration {
    public static let name = "teacherForcing"
    /// Label smoothing (Szegedy et al. 2016): the share of probability spread over all tokens.
    public var smoothing = 0.0

    /// The defaults.
    public init() {}

    public var problem: String? { problem("smoothing", smoothing, in: 0...1) }

    public func loss(for context: LearningContext) throws -> Loss {
        guard let network = context.network as? any TextGenerator else {
            throw ConfigurationError(
                context.file, "the loss \(Self.name) is for autoregressive networks, such as seq2seq")
        }
        return .teacherForcing(network, smoothing: smoothing)
    }
}

extension LearningContext {
    fileprivate func lineNetwork(
        for loss: String
    ) throws(ConfigurationError) -> (network: any LineNetwork, characters: Alphabet) {
        guard let network = network as? any LineNetwork, let characters, !(network is any TextGenerator) else {
            throw ConfigurationError(file, "the loss \(loss) is for line recognizers that are not autoregressive")
        }
        return (network, characters)
    }
}
