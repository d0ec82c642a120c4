@_exported import DuctusLayers

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

    /// - Precondition: the configuration has no problem.
    init(_ configuration: Configuration)
}

/// The sizes of a network. They may come from a file, so they are checked before anything is built.
public protocol NetworkConfiguration: Codable, Sendable, Equatable {
    /// Classes that the output has logits for.
    var classes: Int { get }

    /// What is wrong, as a clause that names the key; `nil` if a network can be built.
    var problem: String? { get }
}

extension NetworkConfiguration {
    /// What is wrong with sizes of one key, if anything.
    func problem(_ key: String, _ values: [Int], in range: ClosedRange<Int>) -> String? {
        values.first { !range.contains($0) }
            .map { "key \"\(key)\" is \($0); it must be \(range.lowerBound) to \(range.upperBound)" }
    }

    func problem(_ key: String, _ value: Int, in range: ClosedRange<Int>) -> String? {
        problem(key, [value], in: range)
    }

    func dropoutProblem(_ rate: Double) -> String? {
        rate >= 0 && rate < 1 ? nil : "key \"dropout\" is \(rate); it must be at least 0 and below 1"
    }

    /// Stops where a program builds what cannot be.
    func check() { precondition(problem == nil, "\(Self.self): \(problem ?? "")") }
}
