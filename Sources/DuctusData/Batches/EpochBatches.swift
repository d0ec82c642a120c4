/// The batches of an epoch in order; see ``BatchLoader/batches(epoch:from:)``.
///
/// The next batch is made in the background while the current one is used. Batches depend on the seed, the epoch and
/// the samples alone, so this does not change them.
public struct EpochBatches: Sequence, IteratorProtocol {
    private let loader: BatchLoader
    private let epoch: Int
    private let plan: [[Int]]
    private var position: Int
    private var ahead: Background<Batch>?

    init(_ loader: BatchLoader, epoch: Int, from first: Int) {
        (self.loader, self.epoch, plan, position) = (loader, epoch, loader.plan(epoch: epoch), first)
    }

    public mutating func next() -> Batch? {
        guard position < plan.count else { return nil }
        let batch = ahead?.result ?? loader.batch(plan[position], epoch: epoch)
        position += 1
        ahead = nil
        if position < plan.count {
            ahead = Background { [loader, epoch, indices = plan[position]] in loader.batch(indices, epoch: epoch) }
        }
        return batch
    }
}
