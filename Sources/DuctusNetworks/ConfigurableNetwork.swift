
/// A network that a file can describe: by its name and its configuration.
///
/// ```json
/// { "name": "crnn", "hidden": 256, "dropout": 0.2 }
/// ```
public protocol ConfigurableNetwork: Network {
    /// The sizes of the network. Its properties are the keys of `network` in a configuration file.
    associatedtype Configuration: NetworkConfiguration

    /// The name in configurations and weights files.
    static var name: String { get }

    /// What the network was built from.
    var configuration: Configuration { get }

    /// The shape of a typical input, of one sample.
    var exampleInput: Shape { get }

    /// - Precondition: the configuration has no problem.
    init(_ configuration: Configuration)
}

extension ConfigurableNetwork {
    /// What the network is made of, and what a typical input of one sample costs.
    public func summary() -> Summary { summary(input: exampleInput) }
}

/// The sizes of a network. They may come from a file, so they are checked before anything is built.
public protocol NetworkConfiguration: SelfChecking, Codable, Sendable, Equatable {
    /// Classes that the output has logits for.
    var classes: Int { get }

    /// The usual sizes.
    init(classes: Int)
}

extension NetworkConfiguration {
    func dropoutProblem(_ rate: Double) -> String? {
        rate >= 0 && rate < 1 ? nil : "key \"dropout\" is \(rate); it must be at least 0 and below 1"
    }

    /// Stops where a program builds what cannot be.
    func check() { precondition(problem == nil, "\(Self.self): \(problem ?? "")") }
}
