/// A batch of samples for one training step.
public struct Batch: Sendable {
    /// `[batch, height, width, channels]`, `[batch, time, features]`, or `[batch, features]`; narrower images are padded on the
    /// right, and shorter sequences at the end, with 0.
    public var input: Tensor<Float>
    /// `[batch]`, `[batch, longest]` or `[batch, height, width]`; shorter sequences are padded with 0.
    public var labels: Tensor<Int32>
    /// `[batch, …]`: the numbers that samples have as targets, if they do.
    public var targets: Tensor<Float>?
    /// The width or length of each sample without padding; 1 for features.
    public var widths: [Int]
    /// The number of labels of each sample without padding.
    public var labelLengths: [Int]
    /// The names of the samples.
    public var names: [String]
}

/// Turns samples into batches, optionally shuffled and augmented.
///
/// The batches of an epoch depend on the seed and the epoch alone, so that training can resume anywhere.
///
/// ```swift
/// let digits = try CharacterDataset(kind: "mnist", directory: "data/mnist", split: "train")
/// let batches = BatchLoader(try digits.cached(), batchSize: 64, shuffles: true)
/// for batch in batches.batches(epoch: 0) {
///     print(batch.input.shape, batch.labels.shape)     // [64, 28, 28, 1] [64]
/// }
/// ```
public struct BatchLoader: Sendable {
    /// The number of samples in an epoch.
    public let count: Int
    /// The number of samples in a batch. One batch of an epoch has the remainder and may be smaller.
    public let batchSize: Int
    /// Whether every epoch is shuffled, in batches of similar width. If not, samples are in their own order.
    public let shuffles: Bool
    /// Whether samples that are not shuffled are in order of their width, which needs the least padding.
    public let sortsByWidth: Bool
    /// Whether a batch that would be smaller is left out.
    public let dropsIncomplete: Bool
    /// The seed of order and augmentation, together with the epoch.
    public let seed: UInt64
    /// The random distortions of every sample in every epoch; `nil` for validation.
    public let augmentation: Augmentation?
    /// The minimum width of inputs.
    public let minimumWidth: Int
    /// The class of the space between lines that are joined.
    public let space: Int32?

    /// The largest number of batches in an epoch, if it is not that of all samples.
    private var batchLimit = Int.max
    let widths: [Int]
    let widest: Int
    let example: @Sendable (_ index: Int, _ epoch: Int) throws -> Example
    let name: @Sendable (_ index: Int) -> String

    /// Batches of samples in memory.
    ///
    /// - Parameters:
    ///   - data: the samples, from ``Dataset/cached(first:)``.
    ///   - batchSize: the number of samples in a batch, at least 1.
    ///   - shuffles: `true` for training, `false` for evaluation.
    ///   - sortsByWidth: whether samples that are not shuffled are in order of their width, with the least padding.
    ///   - dropsIncomplete: whether a batch with fewer samples is left out.
    ///   - seed: the seed of order and augmentation.
    ///   - augmentation: distortions for training.
    ///   - minimumWidth: the minimum width of the network, such as `LineNetwork.minimumWidth`; narrower batches are
    ///     padded.
    ///   - space: the class of the space, for ``Augmentation/joining`` of lines of text; `nil` joins none.
    public init(
        _ data: ExampleCache, batchSize: Int, shuffles: Bool, sortsByWidth: Bool = false, dropsIncomplete: Bool = false,
        seed: UInt64 = 0, augmentation: Augmentation? = nil, minimumWidth: Int = 1, space: Int32? = nil
    ) {
        self.init(
            widths: data.examples.map(\.width), batchSize: batchSize, shuffles: shuffles, sortsByWidth: sortsByWidth,
            dropsIncomplete: dropsIncomplete, seed: seed, augmentation: augmentation, minimumWidth: minimumWidth,
            space: space, name: { data.names[$0] }, example: { index, _ in data.examples[index] })
    }

    /// Batches of samples that are made on demand and may differ from epoch to epoch.
    ///
    /// - Parameters:
    ///   - widths: the expected width of every sample, for batches of similar width; 1 for features.
    ///   - batchSize: the number of samples in a batch, at least 1.
    ///   - shuffles: `true` for training, `false` for evaluation.
    ///   - sortsByWidth: whether samples that are not shuffled are in order of their width, with the least padding.
    ///   - dropsIncomplete: whether a batch with fewer samples is left out.
    ///   - seed: the seed of order and augmentation.
    ///   - augmentation: distortions for training.
    ///   - minimumWidth: the minimum width of the network; narrower batches are padded.
    ///   - space: the class of the space, for ``Augmentation/joining`` of lines of text; `nil` joins none.
    ///   - name: the name of a sample in messages.
    ///   - example: gives a sample of an epoch, the same for every call; called by several threads.
    public init(
        widths: [Int], batchSize: Int, shuffles: Bool, sortsByWidth: Bool = false, dropsIncomplete: Bool = false,
        seed: UInt64 = 0, augmentation: Augmentation? = nil, minimumWidth: Int = 1, space: Int32? = nil,
        name: @escaping @Sendable (_ index: Int) -> String,
        example: @escaping @Sendable (_ index: Int, _ epoch: Int) throws -> Example
    ) {
        precondition(batchSize > 0, "A batch has at least one sample; got \(batchSize).")
        if let problem = augmentation?.problem { preconditionFailure("BatchLoader: of the augmentation, \(problem).") }
        (count, self.widths, widest) = (widths.count, widths, widths.max() ?? 0)
        (self.name, self.example) = (name, example)
        (self.batchSize, self.shuffles, self.seed) = (batchSize, shuffles, seed)
        (self.sortsByWidth, self.dropsIncomplete) = (sortsByWidth, dropsIncomplete)
        (self.augmentation, self.minimumWidth, self.space) = (augmentation, minimumWidth, space)
    }

    /// The number of batches in an epoch.
    public var batchesPerEpoch: Int {
        let isIncomplete = !count.isMultiple(of: batchSize)
        return min(count / batchSize + (isIncomplete && !dropsIncomplete ? 1 : 0), batchLimit)
    }

    /// The same batches, but only the first ones of an epoch.
    public func prefix(_ batches: Int) -> BatchLoader {
        precondition(batches > 0, "An epoch has at least one batch; got \(batches).")
        var loader = self
        loader.batchLimit = batches
        return loader
    }

    /// The indices of the samples of every batch of an epoch.
    public func plan(epoch: Int) -> [[Int]] {
        var order = Array(0..<count)
        var random = RandomStream(seed: seed).split(epoch)
        if shuffles { order.shuffle(using: &random) }
        let widths = shuffles || sortsByWidth ? joinedWidths(epoch: epoch) : [Int](repeating: 0, count: count)
        // Samples of similar width share a batch; whole groups of batches keep the shuffled order.
        let group = shuffles ? min(batchSize, max(order.count, 1)) * 32 : max(order.count, 1)
        var batches: [[Int]] = []
        for start in stride(from: 0, to: order.count, by: group) {
            let sorted = order[start..<min(start + group, order.count)].enumerated()
                .sorted { (widths[$0.element], $0.offset) < (widths[$1.element], $1.offset) }.map(\.element)
            for first in stride(from: 0, to: sorted.count, by: batchSize) {
                let size = min(batchSize, sorted.count - first)
                if size < batchSize, dropsIncomplete { continue }
                batches.append(Array(sorted[first..<first + size]))
            }
        }
        if shuffles { batches.shuffle(using: &random) }
        return Array(batches.prefix(batchLimit))
    }

    /// The batches of an epoch, from some batch on. Each is made in the background while the previous one is used.
    public func batches(epoch: Int, from first: Int = 0) -> EpochBatches {
        EpochBatches(self, epoch: epoch, from: first)
    }
}
