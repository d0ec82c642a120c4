/// The mean focal loss (Lin et al. 2017), −(1 − p)^γ log p with p = softmax(logits)[label]: softmax cross-entropy in which
/// samples that are classified well count less, for classes of which one is far more frequent than the others.
///
/// Shapes: logits `[…, classes]`, labels `[…]`.
///
/// - Parameters:
///   - logits: `[…, classes]`
///   - labels: a class for each row of logits.
///   - gamma: γ, at least 1, or 0 for softmax cross-entropy.
public func focalLoss<Scalar: FloatingScalar>(
    _ logits: Tensor<Scalar>, _ labels: Tensor<Int32>, gamma: Double = 2
) -> Tensor<Scalar> {
    precondition(gamma == 0 || gamma >= 1, "focalLoss: gamma is \(gamma); it must be 0, or at least 1.")
    guard gamma > 0 else { return softmaxCrossEntropy(logits, labels) }
    check(labels, for: logits, loss: "focalLoss")
    // Chosen, not multiplied by 0 and 1: another class may have a probability of 0, whose logarithm is infinite.
    let logarithms = logits.logSoftmax().gatheredAlong(labels.expandingShape(at: labels.rank), axis: labels.rank)
    // Rounding may make a probability greater than 1.
    let distance = (1 - logarithms.exp()).relu()
    return -(distance.power(Scalar(gamma)) * logarithms).mean()
}

/// The soft Dice loss (Milletari, Navab and Ahmadi 2016), 1 − (2 Σ p t + s) / (Σ p + Σ t + s), the mean over classes, with
/// p = softmax(logits) and t = 1 at labels: the overlap of regions, whatever their size.
///
/// Shapes: logits `[…, classes]`, labels `[…]`; sums are over all rows.
///
/// - Parameters:
///   - logits: `[…, classes]`
///   - labels: a class for each row of logits.
///   - smoothing: s, above 0, which classes without a label are not divided by zero with.
public func diceLoss<Scalar: FloatingScalar>(
    _ logits: Tensor<Scalar>, _ labels: Tensor<Int32>, smoothing: Double = 1
) -> Tensor<Scalar> {
    precondition(smoothing > 0, "diceLoss: smoothing is \(smoothing); it must be above 0.")
    let classes = logits.shape.last ?? 0
    let chosen: Tensor<Scalar> = oneHot(labels, for: logits, loss: "diceLoss").reshaped(to: [labels.count, classes])
    let p = logits.softmax().reshaped(to: [labels.count, classes])
    let overlap = (p * chosen).sum(axes: [0])
    let sizes = p.sum(axes: [0]) + chosen.sum(axes: [0])
    return 1 - ((2 * overlap + Scalar(smoothing)) / (sizes + Scalar(smoothing))).mean()
}

/// Traps unless there is a label for every row of logits, each of a class.
private func check<Scalar: FloatingScalar>(_ labels: Tensor<Int32>, for logits: Tensor<Scalar>, loss: String) {
    let classes = logits.shape.last ?? 0
    precondition(
        Shape(logits.shape.dropLast()) == labels.shape,
        "\(loss): logits are \(logits.shape), labels \(labels.shape); labels must have all axes but the last.")
    precondition(labels.count > 0, "\(loss): there are no labels.")
    for label in labels.scalars {
        precondition(label >= 0 && label < classes, "\(loss): label \(label) is not one of \(classes) classes.")
    }
}

/// 1 at the label of every row, else 0.
private func oneHot<Scalar: FloatingScalar>(
    _ labels: Tensor<Int32>, for logits: Tensor<Scalar>, loss: String
) -> Tensor<Scalar> {
    check(labels, for: logits, loss: loss)
    let classes = logits.shape.last ?? 0
    let values = labels.scalars
    return Tensor(shape: logits.shape) { out in
        out.zero()
        for (row, label) in values.enumerated() { out[row * classes + Int(label)] = 1 }
    }
}
