/// A network with the values that its parameters had at one moment, after some complete step of training.
///
/// Predictions of several tasks may run while another one trains:
///
/// ```swift
/// let snapshot = Snapshot(of: network, parameters)
/// let logits = snapshot { $0(images) }
/// ```
public struct Snapshot<Network: Sendable>: Sendable {
    private let network: Network
    /// Kept alive, as the identity of one that is gone may be that of another.
    private let parameters: [Parameter]
    private let contents: [ObjectIdentifier: Parameter.Content]

    /// The current values of `parameters`, which a function of `network` reads.
    public init(of network: Network, _ parameters: [Parameter]) {
        (self.network, self.parameters) = (network, parameters)
        contents = Dictionary(
            zip(parameters.map(ObjectIdentifier.init), Parameter.contents(of: parameters)), uniquingKeysWith: { $1 })
    }

    /// A network with values of its parameters other than its own.
    package init(of network: Network, values: [(parameter: Parameter, value: Tensor<Float>)]) {
        (self.network, parameters) = (network, values.map(\.parameter))
        contents = Dictionary(
            values.map { (ObjectIdentifier($0), Parameter.Content(tensor: $1)) }, uniquingKeysWith: { $1 })
    }

    /// The result of a function of the network, which reads the values of the snapshot. Whatever else it reads has its
    /// current value.
    public func callAsFunction<Result>(_ body: (Network) throws -> Result) rethrows -> Result {
        try SnapshotContents.$current.withValue(contents) { try body(network) }
    }
}

/// The values that parameters have in this task, instead of their own.
enum SnapshotContents {
    @TaskLocal static var current: [ObjectIdentifier: Parameter.Content]?
}
