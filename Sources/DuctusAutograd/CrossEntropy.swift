import CDuctusKernels

/// Mean softmax cross-entropy: −log softmax(logits)[label], over all labels.
///
/// Shapes: logits `[…, classes]`, labels `[…]`: one label a sample, a time step or a pixel.
@_specialize(where Scalar == Float)
public func softmaxCrossEntropy<Scalar: FloatingScalar>(
    _ logits: Tensor<Scalar>, _ labels: Tensor<Int32>
) -> Tensor<Scalar> {
    let classes = logits.shape.last ?? 0
    precondition(
        Shape(logits.shape.dropLast()) == labels.shape,
        "softmaxCrossEntropy: logits are \(logits.shape), labels \(labels.shape); labels need every axis but the last.")
    labels.withUnsafeBuffer {
        for label in $0 where label < 0 || label >= classes {
            preconditionFailure("softmaxCrossEntropy: label \(label) is not one of \(classes) classes.")
        }
    }
    let rows = labels.count
    precondition(rows > 0, "softmaxCrossEntropy: there are no labels.")
    let gradient = Tensor<Scalar>(shape: logits.shape) { _ in }
    let losses = Tensor<Scalar>(shape: [rows]) { losses in
        logits.withUnsafeBuffer { x in
            labels.withUnsafeBuffer { labels in
                gradient.withUnsafeBuffer { gradient in
                    let dx = UnsafeMutablePointer(mutating: gradient.baseAddress!)
                    parallelRanges(rows, grain: max(1, 16384 / classes)) { range in
                        let start = range.lowerBound
                        Scalar.kernels.cross_entropy(
                            range.count, classes, x.baseAddress! + start * classes, labels.baseAddress! + start,
                            1 / Double(rows), losses.baseAddress! + start, dx + start * classes)
                    }
                }
            }
        }
    }
    return losses.mean().recorded(from: logits) { $0.item() == 1 ? gradient : gradient * $0 }
}
