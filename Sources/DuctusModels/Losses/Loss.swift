/// A function that training minimizes, of a network's output and the batch.
///
/// ```swift
/// let regularized = Loss("regularized") { logits, batch in
///     softmaxCrossEntropy(logits, batch.labels) + 1e-3 * logits.squared().mean()
/// }
/// ```
public struct Loss: Sendable {
    /// The name; in results every loss is called `loss`.
    public let name: String
    /// Computes a scalar from the network's output and the batch.
    public let function: @Sendable (Tensor<Float>, Batch) -> Tensor<Float>

    /// The function must be differentiable and depend on every trainable parameter.
    public init(_ name: String, _ function: @escaping @Sendable (Tensor<Float>, Batch) -> Tensor<Float>) {
        (self.name, self.function) = (name, function)
    }

    /// The mean softmax cross-entropy over all labels of the batch.
    public static let softmaxCrossEntropy = Loss("softmaxCrossEntropy") {
        DuctusAutograd.softmaxCrossEntropy($0, $1.labels)
    }

    /// The mean CTC loss (Graves et al. 2006) over the samples that have enough steps for their labels.
    ///
    /// - Parameters:
    ///   - blank: the class of the blank, `Alphabet.blank`.
    ///   - steps: the number of steps for an image of the given width, such as `network.steps`; all of them if nil.
    ///   - shortcut: the weight of the loss of a second head, whose logits are concatenated to those of the first along the
    ///     batch axis during training: the CTC shortcut of a network such as `ResidualCRNN` (Retsinas et al. 2022).
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

    /// The mean softmax cross-entropy of logits `[batch, positions, classes]` with one character per position. Labels are
    /// padded with `blank`; labels beyond the last position are ignored.
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

    /// The loss of a line recognizer: ``teacherForcing(_:smoothing:)`` if it is autoregressive, otherwise that of its
    /// alignment, ``ctc(blank:steps:shortcut:)`` or ``positions(blank:)``.
    public static func lines(_ network: any LineNetwork, blank: Int) -> Loss {
        if let generator = network as? any TextGenerator { return .teacherForcing(generator) }
        return switch network.alignment {
        case .ctc: .ctc(blank: blank, steps: network.steps)
        case .positions: .positions(blank: blank)
        }
    }
}

extension Loss {
    /// The mean softmax cross-entropy of an autoregressive network over all characters and end tokens, each predicted from
    /// the true previous tokens (teacher forcing). Padding does not count.
    ///
    /// - Parameters:
    ///   - network: the network being trained, whose output is the memory of its decoder.
    ///   - smoothing: label smoothing (Szegedy et al. 2016): the share of probability spread over all tokens.
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
    /// The mean of the elements that are not infinite; infinity if there are none. Infinite elements have no gradient; the
    /// mean is NaN if any element is.
    func finiteMean() -> Tensor {
        let values = scalars
        let finite = values.filter { !$0.isInfinite }
        let share = 1 / Float(Swift.max(finite.count, 1))
        let mean = Tensor(finite.isEmpty ? .infinity : finite.reduce(0, +) * share)
        let mask = Tensor(values.map { $0.isInfinite ? 0 : share })
        return mean.recorded(from: self) { mask * $0 }
    }
}
