/// The mean squared error, (x − t)².
///
/// Shapes: x and targets t `[…]`, the same for both.
public func meanSquaredError<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ targets: Tensor<Scalar>
) -> Tensor<Scalar> {
    checkTargets(x, targets)
    return (x - targets).squared().mean()
}

/// The mean Huber loss (1964): d² / 2 up to a distance d = |x − t| of δ, and δ (d − δ / 2) beyond it, so that outliers pull
/// no harder than δ.
///
/// Shapes: x and targets t `[…]`, the same for both.
public func huberLoss<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ targets: Tensor<Scalar>, delta: Double = 1
) -> Tensor<Scalar> {
    checkTargets(x, targets)
    precondition(delta > 0, "huberLoss: delta is \(delta); it must be above 0.")
    let distance = (x - targets).magnitude()
    let near = distance.clipped(to: 0...Scalar(delta))
    return (near * (distance - 0.5 * near)).mean()
}

/// The mean binary cross-entropy of logits, −t log σ(x) − (1 − t) log(1 − σ(x)), for labels that do not exclude each
/// other. It is computed as log(1 + eˣ) − t x, which is exact for logits of any size.
///
/// Shapes: logits x and targets t `[…]`, the same for both; targets are from 0 to 1.
public func binaryCrossEntropy<Scalar: FloatingScalar>(
    _ logits: Tensor<Scalar>, _ targets: Tensor<Scalar>
) -> Tensor<Scalar> {
    checkTargets(logits, targets)
    let (least, most) = (targets.detached().min().item(), targets.detached().max().item())
    precondition(
        !(least < 0 || most > 1),
        "binaryCrossEntropy: the targets are from \(least) to \(most); they must be from 0 to 1.")
    return (logAddExp(logits, Tensor(0)) - targets * logits).mean()
}

private func checkTargets<Scalar>(_ x: Tensor<Scalar>, _ targets: Tensor<Scalar>, loss: StaticString = #function) {
    precondition(
        x.shape == targets.shape,
        "\(loss): the output is \(x.shape), the targets are \(targets.shape); "
            + "they must have the same shape.")
    precondition(x.count > 0, "\(loss): there are no targets.")
}
