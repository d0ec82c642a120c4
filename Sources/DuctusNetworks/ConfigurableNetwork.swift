@_exported import DuctusLayers

/// A network that a file can describe: by its name and its configuration.
public protocol ConfigurableNetwork: Network {
    associatedtype Configuration: Codable & Sendable & Equatable

    /// The name in configurations and weights files.
    static var name: String { get }

    var configuration: Configuration { get }

    init(_ configuration: Configuration)
}
