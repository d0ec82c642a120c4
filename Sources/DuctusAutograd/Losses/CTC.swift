import CDuctusKernels

/// The loss of connectionist temporal classification: −log of the total probability of all paths that collapse to the
/// labels (Graves et al. 2006). The softmax is part of the loss.
///
/// A path may repeat labels and insert blanks; equal consecutive labels need a blank between them. A sample with too few
/// steps for its labels, or whose labels have probability 0, has an infinite loss and a zero gradient; one with a logit that is
/// NaN, a loss that is.
///
/// - Parameters:
///   - logits: `[batch, time, classes]`.
///   - labels: `[batch, longest]`; labels past a sample's length are ignored.
///   - labelLengths: the number of labels of each sample.
///   - logitLengths: the number of steps of each sample; `time` for all if `nil`.
///   - blank: the class of the blank.
/// - Returns: `[batch]`, one loss per sample.
@_specialize(where Scalar == Float)
public func ctcLoss<Scalar: FloatingScalar>(
    _ logits: Tensor<Scalar>, labels: Tensor<Int32>, labelLengths: [Int], logitLengths: [Int]? = nil, blank: Int = 0
) -> Tensor<Scalar> {
    precondition(
        logits.rank == 3 && labels.rank == 2 && labels.shape[0] == logits.shape[0]
            && labelLengths.count == logits.shape[0],
        "ctcLoss: logits are \(logits.shape), labels \(labels.shape), with \(labelLengths.count) lengths; they must be "
            + "[batch, time, classes], [batch, longest] and one length per sample.")
    let (batch, time, classes) = (logits.shape[0], logits.shape[1], logits.shape[2])
    let steps = logitLengths ?? Array(repeating: time, count: batch)
    precondition(
        steps.count == batch,
        "ctcLoss: there are \(steps.count) logit lengths; there must be one for each of \(batch) samples.")
    precondition(blank >= 0 && blank < classes, "ctcLoss: blank \(blank) is not one of \(classes) classes.")
    let longest = labels.shape[1]
    labels.withUnsafeBuffer { labels in
        for (n, length) in labelLengths.enumerated() {
            precondition(
                length >= 0 && length <= longest && steps[n] >= 0 && steps[n] <= time,
                "ctcLoss: sample \(n) has \(length) labels of \(longest) and \(steps[n]) steps of \(time).")
            for label in labels[n * longest..<n * longest + length] {
                precondition(
                    label >= 0 && label < classes && label != blank,
                    "ctcLoss: sample \(n) has label \(label); labels must be below \(classes) and not the blank, \(blank)."
                )
            }
        }
    }
    return Tensor.operation(of: [logits]) {
        let recording = logits.isRecorded
        let gradient = Tensor<Scalar>(shape: recording ? logits.shape : [0]) { _ in }
        let losses = Tensor<Scalar>(shape: [batch]) { losses in
            logits.withUnsafeBuffer { x in
                labels.withUnsafeBuffer { labels in
                    gradient.withUnsafeBuffer { gradient in
                        let dx = recording ? UnsafeMutablePointer(mutating: gradient.baseAddress!) : nil
                        parallel(batch) { n in
                            let workspace = Tensor<Scalar>.scratch(
                                Scalar.kernels.ctc_workspace(steps[n], classes, labelLengths[n]))
                            let sample = dx.map { $0 + n * time * classes }
                            sample.map { ($0 + steps[n] * classes).zero((time - steps[n]) * classes) }
                            workspace.withUnsafeBuffer { workspace in
                                let loss = Scalar.kernels.ctc(
                                    steps[n], classes, x.baseAddress! + n * time * classes,
                                    labels.baseAddress! + n * longest, labelLengths[n], Int32(blank),
                                    UnsafeMutablePointer(mutating: workspace.baseAddress!), sample)
                                losses[n] = Scalar(loss)
                            }
                        }
                    }
                }
            }
        }
        return losses.recorded(from: logits) { upstream in
            // The zero gradient of a sample with infinite loss must stay zero, whatever comes from upstream.
            let finite = Tensor<Scalar>(upstream.scalars.map { $0.isFinite ? $0 : 0 }, shape: [batch, 1, 1])
            return gradient * finite
        }
    }
}
