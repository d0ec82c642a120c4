/// Follows the calls of layers.
protocol LayerObserver: Observer {
    /// A layer is called, and computes `body`.
    func calling(_ layer: any Placed, _ body: () -> Tensor<Float>) -> Tensor<Float>
    /// A layer that does not know its place is called by the one around it, in which it is called `name`.
    func calling(_ layer: any Module, _ name: String, _ body: () -> Tensor<Float>) -> Tensor<Float>
}

/// The path of a layer in its network, `features.3`, for messages and summaries.
///
/// Layers are values; this reference identifies all copies of a layer, as parameters do for those that have any.
final class Place: Sendable {
    private let stored = Locked("")

    /// Empty until `nameParameters()` of the network.
    var path: String {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }
}

/// A layer that knows its path.
protocol Placed: Module, CustomStringConvertible {
    var place: Place { get }
}

extension Placed {
    /// Traps with a message that names the layer.
    func expect(_ condition: Bool, _ problem: @autoclosure () -> String) {
        guard condition else { preconditionFailure("\(title): \(problem())") }
    }

    /// The path, if known, and the description: `features.3 (Dense 784 → 10)`.
    var title: String { (place.path.isEmpty ? "" : place.path + " ") + "(\(self))" }

    /// The output of `body`, which is the call of this layer for an observer of layers.
    func listed(_ body: () -> Tensor<Float>) -> Tensor<Float> {
        guard let observer = Observation.observer as? any LayerObserver else { return body() }
        return observer.calling(self, body)
    }

    /// `layer(x)` for an inner layer, which is called `name` for an observer of layers even if it does not know its place.
    func calling<Inner: Layer>(_ layer: Inner, _ name: @autoclosure () -> String, _ x: Tensor<Float>) -> Tensor<Float> {
        guard !(layer is any Placed), let observer = Observation.observer as? any LayerObserver else { return layer(x) }
        return observer.calling(layer, name()) { layer(x) }
    }
}
