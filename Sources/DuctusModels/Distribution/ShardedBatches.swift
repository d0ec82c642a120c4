/// The batches of an epoch as a rank sees them: of every batch, the shards that it computes. With one shard, they are the
/// batches of the loader.
struct ShardedBatches {
    /// A batch.
    struct Step {
        /// The numbers of samples of all shards.
        let sizes: [Int]
        /// The shards of this rank that have samples, or why they could not be made.
        let shards: Result<[(index: Int, batch: Batch)], any Error>
    }

    private var batches: EpochBatches
    private let shards: Shards
    private var sizes: ArraySlice<Int>

    /// - Parameters:
    ///   - data: the samples.
    ///   - epoch: the epoch.
    ///   - first: the first batch.
    ///   - shards: the shards of this rank.
    init(_ data: BatchLoader, epoch: Int, from first: Int, in shards: Shards) {
        self.shards = shards
        let plan = data.plan(epoch: epoch)[...].dropFirst(first)
        sizes = plan.map(\.count)[...]
        let own = plan.flatMap { batch in shards.own.map { shards.samples(of: $0, in: batch) } }
        batches = EpochBatches(data, epoch: epoch, plan: own.filter { !$0.isEmpty })
    }

    /// The next batch, or nil at the end of the epoch.
    mutating func next() -> Step? {
        guard let size = sizes.popFirst() else { return nil }
        let sizes = shards.sizes(of: size)
        return Step(
            sizes: sizes,
            shards: Result {
                try shards.own.filter { sizes[$0] > 0 }.compactMap { index in
                    try batches.nextBatch().map { (index, $0) }
                }
            })
    }
}
