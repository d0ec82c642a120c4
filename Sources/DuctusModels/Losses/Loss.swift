/// What training makes smaller: a scalar from a network's output and a batch.
///
/// ```swift
/// let cautious = Loss("cautious") { logits, batch in
///     softmaxCrossEntropy(logits, batch.labels) + 1e-3 * logits.squared().mean()
/// }
/// ```
public struct Loss: Sendable {
    /// Tells losses apart; results call every one of them `loss`.
    public let name: String
    /// From the network's output and the batch it was computed from to a scalar.
    public let function: @Sendable (Tensor<Float>, Batch) -> Tensor<Float>

    /// The function must have a gradient, and depend on every trainable parameter through the output.
    public init(_ name: String, _ function: @escaping @Sendable (Tensor<Float>, Batch) -> Tensor<Float>) {
        (self.name, self.function) = (name, function)
    }

    /// Mean softmax cross-entropy over all labels of the batch.
    public static let softmaxCrossEntropy = Loss("softmaxCrossEntropy") {
        DuctusAutograd.softmaxCrossEntropy($0, $1.labels)
    }

    /// Mean connectionist temporal classification over the samples that have steps enough for their labels.
    ///
    /// - Parameters:
    ///   - blank: the class that stands for no character; `Alphabet.blank`.
    ///   - steps: how many steps a network makes of an image so wide, such as `network.steps`; all, if absent.
    ///   - shortcut: the weight of the loss of a second head, whose logits follow those of the first along the batch axis:
    ///     the CTC shortcut of a network such as `ResidualCRNN` while a tape records (Retsinas et al. 2022).
    public static func ctc(
        blank: Int, steps: (@Sendable (Int) -> Int)? = nil, shortcut: Double = 0.1
    ) -> Loss {
        Loss("ctc") { logits, batch in
            let (count, time) = (batch.labelLengths.count, logits.shape[1])
            let lengths = steps.map { steps in batch.widths.map { min(max(steps($0), 0), time) } }
            func loss(_ logits: Tensor<Float>) -> Tensor<Float> {
                ctcLoss(
                    logits, labels: batch.labels, labelLengths: batch.labelLengths, logitLengths: lengths, blank: blank
                ).finiteMean()
            }
            guard logits.shape[0] == 2 * count else { return loss(logits) }
            return loss(logits.sliced(0..<count, axis: 0))
                + loss(logits.sliced(count..<2 * count, axis: 0)) * Float(shortcut)
        }
    }

    /// Mean softmax cross-entropy of characters, each at its own position: `[batch, positions, classes]`. Labels are
    /// followed by `blank` up to the last position; those beyond it are not learnt.
    public static func positions(blank: Int) -> Loss {
        Loss("positions") { logits, batch in
            let (count, longest) = (logits.shape[1], batch.labels.shape[1])
            let labels = batch.labels.scalars
            let padded = batch.labelLengths.enumerated().flatMap { n, length in
                (0..<count).map { $0 < length ? labels[n * longest + $0] : Int32(blank) }
            }
            return DuctusAutograd.softmaxCrossEntropy(logits, Tensor(padded, shape: [batch.labelLengths.count, count]))
        }
    }

    /// What a line network is trained with: ``ctc(blank:steps:shortcut:)``, or ``positions(blank:)`` if its steps are those.
    public static func lines(_ network: any LineNetwork, blank: Int) -> Loss {
        switch network.alignment {
        case .ctc: .ctc(blank: blank, steps: network.steps)
        case .positions: .positions(blank: blank)
        }
    }
}

extension Loss {
    /// Mean softmax cross-entropy over the characters and ends of texts that a generator is asked for, each after the
    /// true beginning of its text (`TextDecoder.logits`). Padding does not count.
    ///
    /// - Parameters:
    ///   - network: the one that is trained: its output is the memory, from which its decoder goes on.
    ///   - smoothing: the share of a target's probability that is spread over all tokens.
    public static func teacherForcing(_ network: any TextGenerator, smoothing: Double = 0) -> Loss {
        Loss("teacherForcing") { memory, batch in
            let (inputs, targets) = network.teacherForcing(batch.labels, lengths: batch.labelLengths)
            let lengths = network.memoryLengths(widths: batch.widths, of: memory.shape[1])
            return DuctusAutograd.softmaxCrossEntropy(
                network.decoder.logits(memory, lengths: lengths, prefix: inputs), targets,
                ignoring: -1, smoothing: smoothing)
        }
    }
}

extension Tensor where Scalar == Float {
    /// The mean of the elements that are not infinite; infinite if all are. Infinite ones have no gradient; one that is
    /// no number makes the mean none.
    func finiteMean() -> Tensor {
        let values = scalars
        let finite = values.filter { !$0.isInfinite }
        let share = 1 / Float(Swift.max(finite.count, 1))
        let mean = Tensor(finite.isEmpty ? .infinity : finite.reduce(0, +) * share)
        let mask = Tensor(values.map { $0.isInfinite ? 0 : share })
        return mean.recorded(from: self) { mask * $0 }
    }
}
