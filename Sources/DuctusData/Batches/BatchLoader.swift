/// Samples stacked for one training step.
public struct Batch: Sendable {
    /// `[batch, height, width, channels]`; narrower samples are followed by paper.
    public var input: Tensor<Float>
    /// `[batch]`, `[batch, longest]` or `[batch, height, width]`.
    public var labels: Tensor<Int32>
    /// Each sample's own width.
    public var widths: [Int]
    /// Each sample's own number of labels.
    public var labelLengths: [Int]
    /// What the samples are called.
    public var names: [String]
}

/// Turns samples into batches: shuffled by seed and epoch, of similar width, and augmented if wanted.
///
/// The batches of an epoch depend on seed and epoch alone, so that training can resume anywhere.
///
/// ```swift
/// let digits = try CharacterDataset(kind: "mnist", directory: "data/mnist", split: "train")
/// let batches = BatchLoader(try digits.cached(), batchSize: 64, shuffles: true)
/// for batch in batches.batches(epoch: 0) {
///     print(batch.input.shape, batch.labels.shape)     // [64, 28, 28, 1] [64]
/// }
/// ```
public struct BatchLoader: Sendable {
    /// How many samples an epoch has.
    public let count: Int
    /// Samples of a batch. One batch of an epoch holds what is left over, and may be smaller.
    public let batchSize: Int
    /// Whether every epoch has its own order. Without it, samples come from narrow to wide.
    public let shuffles: Bool
    /// What order and augmentation follow from, together with the epoch.
    public let seed: UInt64
    /// Distorts every sample anew in every epoch; `nil` for validation.
    public let augmentation: Augmentation?
    /// Inputs are never narrower than this.
    public let minimumWidth: Int

    private let widths: [Int]
    private let example: @Sendable (_ index: Int, _ epoch: Int) -> Example
    private let name: @Sendable (_ index: Int) -> String

    /// Samples that are kept in memory.
    ///
    /// - Parameters:
    ///   - data: the samples, from ``Dataset/cached(first:)``.
    ///   - batchSize: samples of a batch, 1 at least.
    ///   - shuffles: `true` to train, `false` to measure: batches of similar width then waste the least.
    ///   - seed: what order and augmentation follow from.
    ///   - augmentation: distortions for training.
    ///   - minimumWidth: what the network needs, such as `LineNetwork.minimumWidth`; narrower batches get paper.
    public init(
        _ data: ExampleCache, batchSize: Int, shuffles: Bool, seed: UInt64 = 0, augmentation: Augmentation? = nil,
        minimumWidth: Int = 1
    ) {
        self.init(
            widths: data.examples.map { $0.input.shape[1] }, batchSize: batchSize, shuffles: shuffles, seed: seed,
            augmentation: augmentation, minimumWidth: minimumWidth, name: { data.names[$0] },
            example: { index, _ in data.examples[index] })
    }

    /// Samples that are made when they are needed, others in every epoch if you like.
    ///
    /// - Parameters:
    ///   - widths: of every sample, as far as it is known; batches are of similar width.
    ///   - batchSize: samples of a batch, 1 at least.
    ///   - shuffles: `true` to train, `false` to measure.
    ///   - seed: what order and augmentation follow from.
    ///   - augmentation: distortions for training.
    ///   - minimumWidth: what the network needs; narrower batches get paper.
    ///   - name: what messages call a sample.
    ///   - example: makes a sample of an epoch, the same one every time it is asked; called by several threads.
    public init(
        widths: [Int], batchSize: Int, shuffles: Bool, seed: UInt64 = 0, augmentation: Augmentation? = nil,
        minimumWidth: Int = 1, name: @escaping @Sendable (_ index: Int) -> String,
        example: @escaping @Sendable (_ index: Int, _ epoch: Int) -> Example
    ) {
        precondition(batchSize > 0, "A batch has at least one sample; got \(batchSize).")
        (count, self.widths, self.name, self.example) = (widths.count, widths, name, example)
        (self.batchSize, self.shuffles, self.seed) = (batchSize, shuffles, seed)
        (self.augmentation, self.minimumWidth) = (augmentation, minimumWidth)
    }

    /// Steps that one epoch takes.
    public var batchesPerEpoch: Int { (count + batchSize - 1) / batchSize }

    /// Which samples form which batch of an epoch.
    public func plan(epoch: Int) -> [[Int]] {
        var order = Array(0..<count)
        var random = RandomStream(seed: seed).split(epoch)
        if shuffles { order.shuffle(using: &random) }
        // Neighbours in width share a batch; whole groups of batches keep the shuffled order.
        let group = shuffles ? batchSize * 32 : max(order.count, 1)
        var batches: [[Int]] = []
        for start in stride(from: 0, to: order.count, by: group) {
            let sorted = order[start..<min(start + group, order.count)].enumerated()
                .sorted { (widths[$0.element], $0.offset) < (widths[$1.element], $1.offset) }.map(\.element)
            for first in stride(from: 0, to: sorted.count, by: batchSize) {
                batches.append(Array(sorted[first..<min(first + batchSize, sorted.count)]))
            }
        }
        if shuffles { batches.shuffle(using: &random) }
        return batches
    }

    /// The batches of an epoch, without the first few. Each is made in the background while the one before it is used.
    public func batches(epoch: Int, from first: Int = 0) -> EpochBatches {
        EpochBatches(self, epoch: epoch, from: first)
    }

    /// The samples `indices` as a batch of an epoch.
    public func batch(_ indices: [Int], epoch: Int) -> Batch {
        let stream = RandomStream(seed: seed).split(epoch).split(1)
        let examples = parallelMap(indices.count) { place in
            let example = example(indices[place], epoch)
            guard let augmentation else { return example }
            var random = stream.split(indices[place])
            return augmentation.apply(to: example, using: &random)
        }
        let height = examples[0].input.shape[0]
        let channels = examples[0].input.shape[2]
        let widths = examples.map { $0.input.shape[1] }
        let width = max(widths.max() ?? 1, minimumWidth)
        let input = Tensor<Float>(shape: [examples.count, height, width, channels]) { out in
            out.zero()
            for (n, example) in examples.enumerated() {
                let row = widths[n] * channels
                example.input.withUnsafeBuffer { pixels in
                    for h in 0..<height {
                        (out.baseAddress! + (n * height + h) * width * channels)
                            .update(from: pixels.baseAddress! + h * row, count: row)
                    }
                }
            }
        }
        let shape = examples[0].labels.shape
        let lengths = examples.map(\.labels.count)
        let labels: Tensor<Int32>
        if shape.rank == 1 {
            let longest = lengths.max() ?? 0
            labels = Tensor(
                examples.flatMap { $0.labels.scalars + [Int32](repeating: 0, count: longest - $0.labels.count) },
                shape: [examples.count, longest])
        } else {
            labels = Tensor(examples.flatMap { $0.labels.scalars }, shape: Shape([examples.count] + shape))
        }
        return Batch(
            input: input, labels: labels, widths: widths, labelLengths: lengths, names: indices.map(name))
    }
}
