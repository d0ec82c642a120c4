extension Model {
    /// The error of a loss that is not finite. Computes the batch once more to find the layer.
    func divergence(_ problem: String, _ batch: Batch, _ random: RandomStream) -> TrainingError {
        let observer = FinitenessObserver()
        Observation.with(observer) { _ = passes(batch, random) }
        let weights = parameters.first { !$0.parameter.stored.isFinite().all().item() }?.name
        let place =
            weights.map { "the parameter \($0) was not finite before the step" }
            ?? observer.layer.map { "the first output that is not finite is that of the layer \($0)" }
            ?? "the outputs of all layers are finite"
        return divergence(problem, batch, place)
    }

    /// The error of a gradient that is not finite. The backward pass spreads it from the last layer with such a gradient to
    /// all layers before it.
    func divergence(of gradients: Gradients, _ batch: Batch?) -> TrainingError {
        let name = parameters.last { gradients[$0.parameter]?.isFinite().all().item() == false }?.name
        return divergence("The gradient of \(name ?? "a parameter") is not finite", batch)
    }

    private func divergence(_ problem: String, _ batch: Batch?, _ place: String? = nil) -> TrainingError {
        let samples = batch.map { ", on samples " + $0.names.prefix(4).joined(separator: ", ") + "…" } ?? ""
        return TrainingError(
            "\(problem) at step \(optimizer.steps + 1)\(samples)\(place.map { "; \($0)" } ?? ""); lower the learning rate or "
                + "check the samples.", batch: batch)
    }
}
