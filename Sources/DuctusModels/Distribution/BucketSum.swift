import Dispatch

/// The sum of gradients and statistics over the shards of all ranks, weighted by samples.
///
/// Buckets of the last shard of a rank are sent while its backward pass goes on, one after the other, in their order, which is
/// the same on all ranks.
final class BucketSum {
    private let layout: GradientLayout
    private let shards: Shards
    private let sizes: [Int]
    /// The last shard of this rank that has samples.
    private let lastShard: Int?
    /// The sums over the shards of this rank so far, by bucket.
    private var sums: [ShardSum]
    /// What is known of the current shard, by place, and how much is missing, by bucket.
    private var values: [Tensor<Float>?]
    private var missing: [Int]
    private var isReady: [Bool]
    private var sent = 0
    /// By place, whether any shard of this rank has a gradient or new value.
    private(set) var isPresent: [Bool]
    /// The trained parameters, in the order in which the backward pass of the first shard of this rank has finished them.
    private(set) var finished: [Parameter] = []

    private let queue = DispatchQueue(label: "ductus.gradients")
    private let results: Locked<[Tensor<Float>?]>
    private let clock: Timeline.Clock?

    /// - Parameters:
    ///   - layout: the parameters.
    ///   - shards: the shards of this rank.
    ///   - sizes: the numbers of samples of all shards.
    init(_ layout: GradientLayout, _ shards: Shards, sizes: [Int]) {
        (self.layout, self.shards, self.sizes) = (layout, shards, sizes)
        lastShard = shards.own.last { sizes[$0] > 0 }
        sums = Array(repeating: ShardSum(), count: layout.buckets.count)
        values = Array(repeating: nil, count: layout.parameters.count)
        missing = layout.buckets.map(\.places.count)
        isReady = Array(repeating: false, count: layout.buckets.count)
        isPresent = Array(repeating: false, count: layout.parameters.count)
        results = Locked(Array(repeating: nil, count: layout.buckets.count))
        clock = Job.timeline.map { Timeline.Clock($0, buckets: layout.buckets.map(\.count)) }
    }

    /// Calls a function that computes a shard.
    func computing<Result>(_ shard: Int, _ body: () throws -> Result) rethrows -> Result {
        clock?.begins(shard)
        defer { clock?.ends() }
        return try body()
    }

    /// Adds the gradient of a parameter for a shard, nil if there is none. Every trained parameter is to be added once for
    /// every shard that has samples.
    func add(_ gradient: Tensor<Float>?, of parameter: Parameter, shard: Int) {
        guard let (place, bucket) = layout.location(of: parameter) else { return }
        values[place] = gradient
        if gradient != nil { isPresent[place] = true }
        if shard == shards.own.lowerBound { finished.append(parameter) }
        missing[bucket] -= 1
        if missing[bucket] == 0 { complete(bucket, shard) }
    }

    /// Adds the new values of parameters that are not trained for a shard, after its gradients.
    func add(_ statistics: [(parameter: Parameter, value: Tensor<Float>)], shard: Int) {
        for (parameter, value) in statistics {
            guard let (place, _) = layout.location(of: parameter) else { continue }
            values[place] = value
            isPresent[place] = true
        }
        for (index, bucket) in layout.buckets.enumerated() where !bucket.isOfGradients { complete(index, shard) }
    }

    private func complete(_ index: Int, _ shard: Int) {
        let bucket = layout.buckets[index]
        sums[index].add(layout.joined(bucket, values) * Float(sizes[shard]), shard: shard)
        for place in bucket.places { values[place] = nil }
        missing[index] = bucket.places.count
        guard shard == lastShard else { return }
        // Shards without samples are the last ones of a batch.
        for empty in shards.own where empty > shard { sums[index].add(nil, shard: empty) }
        isReady[index] = true
        clock?.isReady(index)
        while sent < isReady.count, isReady[sent] { send(sums[sent]) }
    }

    /// Sends the next bucket.
    private func send(_ sum: ShardSum) {
        let (index, bucket) = (sent, layout.buckets[sent])
        let (shards, sizes, results, clock) = (shards, sizes, results, clock)
        sent += 1
        sums[index] = ShardSum()
        let add: @Sendable () -> Void = {
            clock?.sends(index)
            let total = shards.total(
                sum, sizes: sizes, length: bucket.count, isRounded: bucket.isOfGradients)
            clock?.hasSent(index)
            results.withLock { $0[index] = total }
        }
        if shards.communicator.size > 1 { queue.async(execute: add) } else { add() }
    }

    /// The sums of all buckets, when they have arrived. A rank that could not compute all of its shards takes part with
    /// zeros, since the others wait for it.
    func totals() -> [Tensor<Float>] {
        while sent < layout.buckets.count {
            var sum = ShardSum()
            for shard in shards.own {
                sum.add(sizes[shard] > 0 ? .zeros([layout.buckets[sent].count]) : nil, shard: shard)
            }
            send(sum)
        }
        queue.sync {}
        return results.withLock { $0.compactMap { $0 } }
    }

    /// Notes that everything is there for the update.
    func hasReceived() { clock?.hasReceived() }

    /// Keeps the times of a step that has ended.
    func record(step: Int) { clock?.record(step) }
}
