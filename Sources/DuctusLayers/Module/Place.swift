import Synchronization

/// The path of a layer in its network, `features.3`, for messages and summaries.
///
/// Layers are values; this reference identifies all copies of a layer, as parameters do for those that have any.
final class Place: Sendable {
    private let stored = Mutex("")

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

    /// The output of `body`, listed as a line of the summary if one is being made.
    func listed(_ body: () -> Tensor<Float>) -> Tensor<Float> {
        guard let summary = Observation.observer as? SummaryObserver else { return body() }
        return summary.listing(self, body)
    }
}
