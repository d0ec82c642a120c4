import Synchronization

/// Where in a network a layer is: `features.3`. Messages and summaries call the layer so.
///
/// Layers are values; this is the reference that makes all copies of one the same layer, as parameters do for those
/// that have any.
final class Place: Sendable {
    private let stored = Mutex("")

    /// Empty until the network has been asked for names.
    var path: String {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }
}

/// A layer that knows its place.
protocol Placed: Module, CustomStringConvertible {
    var place: Place { get }
}

extension Placed {
    /// Stops with the sentence that names layer, expectation and fact.
    func expect(_ condition: Bool, _ problem: @autoclosure () -> String) {
        guard condition else { preconditionFailure("\(title): \(problem())") }
    }

    /// The place, if it has a name, and what is there: `features.3 (Dense 784 → 10)`.
    var title: String { (place.path.isEmpty ? "" : place.path + " ") + "(\(self))" }

    /// The output that `body` computes; a line of the summary, if one is being made.
    func listed(_ body: () -> Tensor<Float>) -> Tensor<Float> {
        guard let summary = Observation.observer as? SummaryObserver else { return body() }
        return summary.listing(self, body)
    }
}
