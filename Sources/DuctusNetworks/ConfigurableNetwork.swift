/// A network that a file can describe by its name and configuration.
///
/// ```json
/// { "name": "crnn", "hidden": 256, "dropout": 0.2 }
/// ```
public protocol ConfigurableNetwork: Network {
    /// The hyperparameters. Its properties are the keys of `network` in a configuration file.
    associatedtype Configuration: NetworkConfiguration

    /// The name in configuration and weights files.
    static var name: String { get }

    /// The configuration that the network was built from.
    var configuration: Configuration { get }

    /// The shape of a typical input of one sample.
    var exampleInput: Shape { get }

    /// - Precondition: the configuration has no problem.
    init(_ configuration: Configuration)
}

extension ConfigurableNetwork {
    /// The summary for a typical input of one sample.
    public func summary() -> Summary { summary(input: exampleInput) }
}

/// The hyperparameters of a network. They may come from a file, so they can be checked before a network is built.
public protocol NetworkConfiguration: SelfChecking, Codable, Sendable, Equatable {
    /// The number of classes.
    var classes: Int { get }

    /// The usual sizes for a number of classes, which files build on.
    static func defaults(classes: Int) -> Self
}

extension NetworkConfiguration {
    func dropoutProblem(_ rate: Double, _ key: String = "dropout") -> String? {
        rate >= 0 && rate < 1 ? nil : "key \"\(key)\" is \(rate); it must be at least 0 and below 1"
    }

    /// Traps if there is a problem.
    func check() { precondition(problem == nil, "\(Self.self): \(problem ?? "")") }
}
