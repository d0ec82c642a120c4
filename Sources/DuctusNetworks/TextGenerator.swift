/// A network that reads an image by writing: an encoder turns the image into a memory, and a decoder writes a text
/// token by token while it looks at the memory.
///
/// The network's output for images is their memory, `[batch, steps, channels]`; `Loss.teacherForcing` and
/// ``BeamSearch`` go on from there.
///
/// ```swift
/// let network = LineTransformer(.init(classes: Alphabet.iam.count))
/// let memory = network(Tensor.zeros([16, 28, 512, 1]))                    // [16, 122, 256]
/// let texts = BeamSearch(width: 4).texts(network, memory)                 // 16 texts
/// ```
public protocol TextGenerator: LineNetwork {
    /// What writes the text, given the memory.
    associatedtype Decoder: TextDecoder

    /// What writes.
    var decoder: Decoder { get }

    /// The longest text that is written; longer ones are cut off.
    var maximumLength: Int { get }
}

extension TextGenerator {
    /// How many steps of a memory count for images so wide: what follows comes from paper beside a narrower image.
    public func memoryLengths(widths: [Int], of steps: Int) -> [Int] {
        widths.map { min(max(self.steps(width: $0), 1), steps) }
    }

    /// What teacher forcing reads and what it should answer: the start and the labels, and the labels and the end.
    ///
    /// - Parameters:
    ///   - labels: classes, `[batch, longest]`.
    ///   - lengths: labels of every sample; what follows is padding.
    /// - Returns: two times `[batch, longest + 1]`; the answers hold −1 where there is nothing to answer.
    public func lesson(_ labels: Tensor<Int32>, lengths: [Int]) -> (prefix: Tensor<Int32>, answers: Tensor<Int32>) {
        precondition(
            labels.rank == 2 && labels.shape[0] == lengths.count,
            "lesson: labels are \(labels.shape), with \(lengths.count) lengths; they must be [batch, longest].")
        let (batch, longest) = (labels.shape[0], labels.shape[1])
        let end = decoder.end
        let prefix = Tensor.concatenated([Tensor([decoder.start]).broadcast(to: [batch, 1]), labels], axis: 1)
        let answers = Tensor<Int32>(shape: [batch, longest + 1]) { out in
            labels.withUnsafeBuffer { labels in
                for n in 0..<batch {
                    for step in 0...longest {
                        out[n * (longest + 1) + step] =
                            step < lengths[n] ? labels[n * longest + step] : step == lengths[n] ? end : -1
                    }
                }
            }
        }
        return (prefix, answers)
    }
}

extension TextGenerator {
    /// Where the network looks while it writes a text, and then its end.
    ///
    /// ```swift
    /// let memory = network(line)                                              // [1, 122, 256]
    /// let text = BeamSearch().texts(network, memory)[0]
    /// let weights = network.attentionWeights(memory, writing: text.tokens)    // [heads, characters + 1, 122]
    /// weights.mean(axes: [0]).argmax()                                        // for every character, its column
    /// ```
    ///
    /// - Parameters:
    ///   - memory: the network's output for one image, `[1, steps, channels]`.
    ///   - text: what is written, such as the ``BeamSearch/Text/tokens`` of a text; start and end left out.
    /// - Returns: `[heads, characters + 1, steps]`, a row for every character and one for the end; rows sum to 1.
    public func attentionWeights(_ memory: Tensor<Float>, writing text: [Int32]) -> Tensor<Float> {
        precondition(
            memory.rank == 3 && memory.shape[0] == 1,
            "attentionWeights: memory is \(memory.shape); it must be that of one image, [1, steps, channels].")
        let prefix = Tensor([decoder.start] + text, shape: [1, text.count + 1])
        return decoder.attentionWeights(memory, lengths: nil, prefix: prefix).squeezingShape(at: 0)
    }
}

extension ConfigurableNetwork where Self: TextGenerator {
    /// What the network is made of, and what a typical image costs, read up to a text of one character.
    public func summary() -> Summary {
        summary { network in
            let memory = network(.zeros(exampleInput))
            let prefix = Tensor([decoder.start]).broadcast(to: [memory.shape[0], 1])
            return network.decoder.logits(memory, lengths: nil, prefix: prefix)
        }
    }
}
