import CDuctusKernels

/// Mean softmax cross-entropy, −log softmax(logits)[label], over all labels.
///
/// Shapes: logits `[…, classes]`, labels `[…]`: one label per sample, time step or pixel.
public func softmaxCrossEntropy<Scalar: FloatingScalar>(
    _ logits: Tensor<Scalar>, _ labels: Tensor<Int32>
) -> Tensor<Scalar> {
    softmaxCrossEntropy(logits, labels, ignoring: nil)
}

/// Mean softmax cross-entropy over all labels that are not ignored, with label smoothing.
///
/// −(1 − s) log p[label] − s / classes · Σ log p, where p = softmax(logits) and s is the smoothing, which keeps the
/// network from becoming overconfident (Szegedy et al. 2016, section 7).
///
/// Shapes: logits `[…, classes]`, labels `[…]`.
///
/// - Parameters:
///   - logits: `[…, classes]`
///   - labels: a class for each row of logits.
///   - ignored: a label that is excluded from the loss, such as that of padding; it need not be a class. If all labels
///     are ignored, the loss is zero.
///   - smoothing: s, from 0 to 1.
@_specialize(where Scalar == Float)
public func softmaxCrossEntropy<Scalar: FloatingScalar>(
    _ logits: Tensor<Scalar>, _ labels: Tensor<Int32>, ignoring ignored: Int32?, smoothing: Double = 0
) -> Tensor<Scalar> {
    let classes = logits.shape.last ?? 0
    precondition(
        Shape(logits.shape.dropLast()) == labels.shape,
        "softmaxCrossEntropy: logits are \(logits.shape), labels \(labels.shape); labels must have all axes but the last."
    )
    precondition(
        0...1 ~= smoothing, "softmaxCrossEntropy: smoothing is \(smoothing); it must be from 0 to 1.")
    var counted = labels.count
    labels.withUnsafeBuffer {
        for label in $0 {
            if label == ignored {
                counted -= 1
            } else if label < 0 || label >= classes {
                preconditionFailure("softmaxCrossEntropy: label \(label) is not one of \(classes) classes.")
            }
        }
    }
    let rows = labels.count
    precondition(rows > 0, "softmaxCrossEntropy: there are no labels.")
    let share = 1 / Double(max(counted, 1))
    return Tensor.operation(of: [logits]) {
        let gradient = Tensor<Scalar>(shape: logits.shape) { _ in }
        let losses = Tensor<Scalar>(shape: [rows]) { losses in
            logits.withUnsafeBuffer { x in
                labels.withUnsafeBuffer { labels in
                    gradient.withUnsafeBuffer { gradient in
                        let dx = UnsafeMutablePointer(mutating: gradient.baseAddress!)
                        func run(_ range: Range<Int>) {
                            let start = range.lowerBound
                            Scalar.kernels.cross_entropy(
                                range.count, classes, x.baseAddress! + start * classes, labels.baseAddress! + start,
                                share, losses.baseAddress! + start, dx + start * classes)
                            guard smoothing > 0 else { return }
                            for row in range {
                                losses[row] += smooth(
                                    x.baseAddress! + row * classes, dx + row * classes, classes, Int(labels[row]),
                                    smoothing, share)
                            }
                        }
                        parallelRanges(rows, grain: max(1, 16384 / max(classes, 1))) { range in
                            // Alternating runs of labels and of ignored ones.
                            var row = range.lowerBound
                            while row < range.upperBound {
                                let isIgnored = labels[row] == ignored
                                var end = row + 1
                                while end < range.upperBound, (labels[end] == ignored) == isIgnored { end += 1 }
                                if isIgnored {
                                    (losses.baseAddress! + row).zero(end - row)
                                    (dx + row * classes).zero((end - row) * classes)
                                } else {
                                    run(row..<end)
                                }
                                row = end
                            }
                        }
                    }
                }
            }
        }
        let loss = counted == rows ? losses.mean() : losses.sum() * Scalar(share)
        return loss.recorded(from: logits) { $0.item() == 1 ? gradient : gradient * $0 }
    }
}

/// Applies label smoothing to one row: returns what it adds to the loss, s (x[label] − mean x), and adds the gradient of
/// that, times `share`, to `gradient`.
private func smooth<Scalar: FloatingScalar>(
    _ x: UnsafePointer<Scalar>, _ gradient: UnsafeMutablePointer<Scalar>, _ classes: Int, _ label: Int,
    _ smoothing: Double, _ share: Double
) -> Scalar {
    var sum = 0.0
    for index in 0..<classes { sum += Double(x[index]) }
    let each = Scalar(smoothing * share / Double(classes))
    for index in 0..<classes { gradient[index] -= each }
    gradient[label] += Scalar(smoothing * share)
    return Scalar(smoothing * (Double(x[label]) - sum / Double(classes)))
}
