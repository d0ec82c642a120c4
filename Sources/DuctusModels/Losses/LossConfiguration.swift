/// A loss as a file chooses it. Its properties are its settings.
///
/// ```json
/// "loss": { "name": "teacherForcing", "smoothing": 0.05 }
/// ```
public protocol LossConfiguration: Component {
    /// The loss of a network.
    /// - Throws: `ConfigurationError` if the network cannot be trained with it.
    func loss(for context: LearningContext) throws -> Loss
}

extension Registries {
    /// The losses that files can choose.
    public static let losses = Registry<any Component.Type>(
        "loss", [SoftmaxCrossEntropyLoss.self, CTCLoss.self, PositionsLoss.self, TeacherForcingLoss.self]
    ) { $0.name }
}

/// Mean softmax cross-entropy over all labels; see ``Loss/softmaxCrossEntropy``.
public struct SoftmaxCrossEntropyLoss: LossConfiguration {
    public static let name = "softmaxCrossEntropy"
    public init() {}
    public func loss(for context: LearningContext) -> Loss { .softmaxCrossEntropy }
}

/// Connectionist temporal classification; see ``Loss/ctc(blank:steps:shortcut:)``.
public struct CTCLoss: LossConfiguration {
    public static let name = "ctc"
    /// The weight of the loss of a second head, where a network has one for training.
    public var shortcut = 0.1

    public init() {}
    public var problem: String? { problem("shortcut", shortcut, in: 0...1) }

    public func loss(for context: LearningContext) throws -> Loss {
        let (network, characters) = try context.lineNetwork(for: Self.name)
        return .ctc(blank: characters.blank, steps: network.steps, shortcut: shortcut)
    }
}

/// Cross-entropy of characters at positions of their own; see ``Loss/positions(blank:)``.
public struct PositionsLoss: LossConfiguration {
    public static let name = "positions"
    public init() {}

    public func loss(for context: LearningContext) throws -> Loss {
        .positions(blank: try context.lineNetwork(for: Self.name).characters.blank)
    }
}

/// Cross-entropy of an autoregressive decoder's tokens; see ``Loss/teacherForcing(_:smoothing:)``.
public struct TeacherForcingLoss: LossConfiguration {
    public static let name = "teacherForcing"
    /// The share of a target's probability that is spread over all tokens (Szegedy et al. 2016).
    public var smoothing = 0.0

    public init() {}
    public var problem: String? { problem("smoothing", smoothing, in: 0...1) }

    public func loss(for context: LearningContext) throws -> Loss {
        guard let network = context.network as? any TextGenerator else {
            throw ConfigurationError(
                context.file, "the loss \(Self.name) is for autoregressive networks such as seq2seq")
        }
        return .teacherForcing(network, smoothing: smoothing)
    }
}

extension LearningContext {
    fileprivate func lineNetwork(
        for loss: String
    ) throws(ConfigurationError) -> (network: any LineNetwork, characters: Alphabet) {
        guard let network = network as? any LineNetwork, let characters, !(network is any TextGenerator) else {
            throw ConfigurationError(file, "the loss \(loss) is for networks that label the columns of lines")
        }
        return (network, characters)
    }
}
