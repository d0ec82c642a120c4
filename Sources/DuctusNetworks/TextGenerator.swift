/// An encoder–decoder recognizer: the encoder turns an image into a memory, and an autoregressive decoder generates the text
/// while it attends to the memory.
///
/// The output of the network is the memory, `[batch, steps, channels]`, the input of `Loss.teacherForcing` and
/// ``BeamSearch``.
///
/// ```swift
/// let network = LineTransformer(.init(classes: Alphabet.iam.count))
/// let memory = network(Tensor.zeros([16, 28, 512, 1]))                    // [16, 122, 256]
/// let texts = BeamSearch(width: 4).texts(network, memory)                 // 16 texts
/// ```
public protocol TextGenerator: LineNetwork {
    /// The type of the decoder.
    associatedtype Decoder: TextDecoder

    /// Generates the text from the memory.
    var decoder: Decoder { get }

    /// The maximum length of a generated text; longer ones are truncated.
    var maximumLength: Int { get }
}

extension TextGenerator {
    /// The number of memory steps of images of the given widths; the rest, up to `steps`, comes from padding.
    public func memoryLengths(widths: [Int], of steps: Int) -> [Int] {
        widths.map { min(max(self.steps(width: $0), 1), steps) }
    }

    /// The decoder's inputs and targets for teacher forcing (Williams and Zipser 1989): the start token and the labels,
    /// and the labels and the end token.
    ///
    /// - Parameters:
    ///   - labels: classes, `[batch, longest]`.
    ///   - lengths: the number of labels of each sample; the rest is padding.
    /// - Returns: both `[batch, longest + 1]`; targets are −1 where nothing is predicted.
    public func teacherForcing(
        _ labels: Tensor<Int32>, lengths: [Int]
    ) -> (inputs: Tensor<Int32>, targets: Tensor<Int32>) {
        precondition(
            labels.rank == 2 && labels.shape[0] == lengths.count,
            "teacherForcing: labels are \(labels.shape), with \(lengths.count) lengths; they must be [batch, longest].")
        let (batch, longest) = (labels.shape[0], labels.shape[1])
        let end = decoder.end
        let inputs = Tensor.concatenated([Tensor([decoder.start]).broadcast(to: [batch, 1]), labels], axis: 1)
        let targets = Tensor<Int32>(shape: [batch, longest + 1]) { out in
            labels.withUnsafeBuffer { labels in
                for n in 0..<batch {
                    for step in 0...longest {
                        out[n * (longest + 1) + step] =
                            step < lengths[n] ? labels[n * longest + step] : step == lengths[n] ? end : -1
                    }
                }
            }
        }
        return (inputs, targets)
    }
}

extension TextGenerator {
    /// The attention weights over the memory for every character of a text and for its end.
    ///
    /// ```swift
    /// let memory = network(line)                                              // [1, 122, 256]
    /// let text = BeamSearch().texts(network, memory)[0]
    /// let weights = network.attentionWeights(memory, tokens: text.tokens)    // [heads, characters + 1, 122]
    /// weights.mean(axes: [0]).argmax()                                       // the column of every character
    /// ```
    ///
    /// - Parameters:
    ///   - memory: the network's output for one image, `[1, steps, channels]`.
    ///   - tokens: a text, such as the ``BeamSearch/Text/tokens``, without start and end.
    /// - Returns: `[heads, characters + 1, steps]`, a row for every character and one for the end; each row sums to 1.
    public func attentionWeights(_ memory: Tensor<Float>, tokens: [Int32]) -> Tensor<Float> {
        precondition(
            memory.rank == 3 && memory.shape[0] == 1,
            "attentionWeights: memory is \(memory.shape); it must be that of a single image, [1, steps, channels].")
        let prefix = Tensor([decoder.start] + tokens, shape: [1, tokens.count + 1])
        return decoder.attentionWeights(memory, lengths: nil, prefix: prefix).squeezingShape(at: 0)
    }
}

extension ConfigurableNetwork where Self: TextGenerator {
    /// The summary for a typical image and one step of the decoder.
    public func summary() -> Summary {
        summary { network in
            let memory = network(.zeros(exampleInput))
            let prefix = Tensor([decoder.start]).broadcast(to: [memory.shape[0], 1])
            return network.decoder.logits(memory, lengths: nil, prefix: prefix)
        }
    }
}
