import Synchronization

/// Finds the first layer of a forward pass whose output is not finite.
package final class FinitenessObserver: LayerObserver {
    private let found = Mutex<String?>(nil)

    package init() {}

    /// The path and description of the layer, `features.3 (Dense 784 → 10)`; nil if the outputs of all are finite.
    package var layer: String? { found.withLock { $0 } }

    func calling(_ layer: any Placed, _ body: () -> Tensor<Float>) -> Tensor<Float> {
        checked(body(), of: layer.title)
    }

    func calling(_ layer: any Module, _ name: String, _ body: () -> Tensor<Float>) -> Tensor<Float> {
        checked(body(), of: name)
    }

    private func checked(_ output: Tensor<Float>, of layer: @autoclosure () -> String) -> Tensor<Float> {
        if self.layer == nil, !output.isFinite().all().item() {
            let layer = layer()
            found.withLock { $0 = layer }
        }
        return output
    }

    package var needsEveryLayer: Bool { true }
    package func didMultiply(_ count: Int) {}
    package func didRead(_ parameter: AnyObject) {}
    package func willCompute(
        _ operation: String, _ attributes: [Operation.Attribute], isDone: Bool
    ) -> (any OperationObserver)? { nil }
}
