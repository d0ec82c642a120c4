/// The batches of an epoch in order; see ``BatchLoader/batches(epoch:from:)``.
///
/// The next batch is made in the background while the current one is used. Batches depend on the seed, the epoch and
/// the samples alone, so this does not change them.
public struct EpochBatches: Sequence, IteratorProtocol {
    private let loader: BatchLoader
    private let epoch: Int
    private let plan: [[Int]]
    private var position: Int
    private var ahead: Background<Result<Batch, any Error>>?

    init(_ loader: BatchLoader, epoch: Int, from first: Int) {
        self.init(loader, epoch: epoch, plan: loader.plan(epoch: epoch)[...].dropFirst(first))
    }

    /// Batches of the given samples.
    package init(_ loader: BatchLoader, epoch: Int, plan: some Sequence<[Int]>) {
        (self.loader, self.epoch, self.plan, position) = (loader, epoch, Array(plan), 0)
    }

    /// The next batch. Traps where ``nextBatch()`` throws.
    public mutating func next() -> Batch? {
        do {
            return try nextBatch()
        } catch {
            preconditionFailure("\(error)")
        }
    }

    /// The next batch, or nil at the end of the epoch.
    /// - Throws: what ``BatchLoader/load(_:epoch:)`` throws; the next call then gives the batch after.
    public mutating func nextBatch() throws -> Batch? {
        guard position < plan.count else { return nil }
        let (indices, made) = (plan[position], ahead)
        // Before an error may be thrown, which would be thrown forever otherwise.
        position += 1
        ahead = nil
        let batch = try made?.result.get() ?? loader.load(indices, epoch: epoch)
        if position < plan.count {
            ahead = Background { [loader, epoch, indices = plan[position]] in
                Result { try loader.load(indices, epoch: epoch) }
            }
        }
        return batch
    }
}
