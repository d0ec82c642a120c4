import CDuctusKernels

/// How the batches of a training are cut into shards, which processes share.
///
/// Every batch is cut into the same number of shards, sample i belonging to shard i modulo their number. The gradient of a
/// batch is the mean of those of its shards, weighted by their samples; so are the running statistics, while a batch
/// normalization normalizes by the statistics of the shard. On a single process, shards are gradient accumulation.
public struct Sharding: Sendable, Equatable {
    /// The number of shards of a batch, a multiple of the number of processes.
    public var shards = 1
    /// How the gradients of shards are added.
    public var reduction = Reduction.ordered
    /// The size in bytes from which on gradients are sent, while the backward pass computes the next ones.
    public var bucketBytes = 1 << 19

    /// How gradients are added.
    public enum Reduction: String, Sendable, Codable, CaseIterable {
        /// In an order that depends on the number of shards only. Training then gives the same weights, bit by bit, on any
        /// number of processes.
        case ordered
        /// In the order that MPI chooses. The last bits of the weights depend on the number of processes.
        case fast
        /// In an order that depends on the number of shards and of processes, which send each other gradients of 16 bits
        /// (bfloat16) and add them in 32: half of the traffic, and gradients with 8 significant bits.
        case bfloat16
    }

    /// Batches of a single shard.
    public init() {}

    /// Batches of several shards.
    public init(shards: Int, reduction: Reduction = .ordered, bucketBytes: Int = 1 << 19) {
        precondition(shards > 0, "Sharding: there are \(shards) shards; there must be at least 1.")
        precondition(bucketBytes > 0, "Sharding: buckets have \(bucketBytes) bytes; they must have at least 1.")
        (self.shards, self.reduction, self.bucketBytes) = (shards, reduction, bucketBytes)
    }
}

/// The shards of a training, and which of them are computed here.
struct Shards: Sendable {
    let count: Int
    let reduction: Sharding.Reduction
    let bucketBytes: Int
    let communicator: any Communicator
    /// The order in which the backward pass finishes the gradients of parameters, of which these are the numbers; nil before
    /// the first step.
    let order = Locked<[Int]?>(nil)

    /// - Throws: ``TrainingError`` if the processes cannot share the shards evenly.
    init(_ sharding: Sharding, _ communicator: any Communicator = Job.communicator) throws {
        (count, reduction, bucketBytes) = (sharding.shards, sharding.reduction, sharding.bucketBytes)
        self.communicator = communicator
        guard count.isMultiple(of: communicator.size) else {
            throw TrainingError(
                "\(communicator.size) processes cannot share \(count) shard\(count == 1 ? "" : "s") evenly; "
                    + "start as many processes as divide the number of shards, or set training.shards to a multiple.")
        }
    }

    /// The shards of a rank.
    func shards(of rank: Int) -> Range<Int> {
        let each = count / communicator.size
        return rank * each..<(rank + 1) * each
    }

    /// The shards of this rank.
    var own: Range<Int> { shards(of: communicator.rank) }

    /// The numbers of samples of the shards of a batch.
    func sizes(of batchSize: Int) -> [Int] { (0..<count).map { (batchSize - $0 + count - 1) / count } }

    /// The samples of a shard, of those of its batch.
    func samples(of shard: Int, in batch: [Int]) -> [Int] {
        stride(from: shard, to: batch.count, by: count).map { batch[$0] }
    }

    /// The sum over all shards of all ranks.
    ///
    /// - Parameters:
    ///   - own: the sum over the shards of this rank.
    ///   - sizes: the numbers of samples of all shards; those without any have no value.
    ///   - length: the number of elements of the values.
    ///   - isRounded: whether the reduction may round what is sent.
    func total(_ own: ShardSum, sizes: [Int], length: Int, isRounded: Bool) -> Tensor<Float> {
        let ranks = communicator.size
        guard ranks > 1, reduction != .fast else {
            let sum = own.total ?? .zeros([length])
            return ranks > 1 ? communicator.sum(sum) : sum
        }
        // Every rank adds up one piece of all values, and sends it to all others.
        let pieces = (0..<ranks).map { $0 * length / ranks..<($0 + 1) * length / ranks }
        let here = pieces[communicator.rank]
        let groups = (0..<ranks).map { rank in Self.parts(of: shards(of: rank), sizes) }
        let values = own.parts.compactMap(\.value)
        let exchange = isRounded && reduction == .bfloat16 ? communicator.exchangeRounded : communicator.exchange
        let received = exchange(
            pieces.map { piece in .concatenated([.zeros([0])] + values.map { $0.sliced(piece, axis: 0) }, axis: 0) },
            groups.map { $0.count(where: \.hasValue) * here.count })
        var sum = ShardSum()
        for (parts, tensor) in zip(groups, received) {
            var start = 0
            for part in parts {
                let end = start + (part.hasValue ? here.count : 0)
                let value = part.hasValue ? tensor.sliced(start..<end, axis: 0) : nil
                sum.add(ShardSum.Part(shards: part.shards, value: value))
                start = end
            }
        }
        let piece = sum.total ?? .zeros([here.count])
        return .concatenated(exchange(pieces.map { _ in piece }, pieces.map(\.count)), axis: 0)
    }

    /// The parts that the sum over some consecutive shards ends with.
    private static func parts(of shards: Range<Int>, _ sizes: [Int]) -> [(shards: Range<Int>, hasValue: Bool)] {
        var sum = ShardSum()
        for shard in shards { sum.add(nil, shard: shard) }
        return sum.parts.map { ($0.shards, sizes[$0.shards].contains { $0 > 0 }) }
    }

    /// Takes over the order of rank 0 after the first step. It has an influence on when gradients are sent, but not on sums.
    func agree(onOrder own: [Int], of count: Int) {
        guard order.withLock({ $0 == nil }) else { return }
        let agreed = communicator.broadcast([UInt8](numbers: own.map(Double.init))).numbers.map { Int($0) }
        if agreed.count == count { order.withLock { $0 = agreed } }
    }

    /// Compares the parameters of all ranks, which are equal after every step.
    /// - Throws: ``TrainingError`` on all ranks if they are not.
    func compare(_ parameters: [Parameter], epoch: Int) throws {
        guard communicator.size > 1 else { return }
        let hash = ContentHash(
            combining: Parameter.values(of: parameters).map { $0.withUnsafeBuffer { ContentHash(.init($0)) } })
        let hashes = communicator.gather(hash.bytes)
        guard let other = hashes.firstIndex(where: { $0 != hashes[0] }) else { return }
        throw TrainingError(
            "After epoch \(epoch), the parameters of rank \(other) are not those of rank 0; check that all "
                + "hosts have the same program, and resume from the last checkpoint.")
    }
}

extension Communicator {
    /// ``exchange(_:receiving:)`` of the nearest numbers of 16 bits, two in place of one of 32.
    fileprivate func exchangeRounded(_ parts: [Tensor<Float>], receiving counts: [Int]) -> [Tensor<Float>] {
        let received = exchange(parts.map(\.rounded), receiving: counts.map { ($0 + 1) / 2 })
        return zip(received, counts).map { $0.widened($1) }
    }
}

extension Tensor<Float> {
    /// The nearest bfloat16 of every element, two in the bits of one element.
    fileprivate var rounded: Tensor {
        withUnsafeBuffer { elements in
            Tensor(shape: [(elements.count + 1) / 2]) { out in
                guard let base = elements.baseAddress, let target = out.baseAddress, !out.isEmpty else { return }
                out[out.count - 1] = 0
                target.withMemoryRebound(to: UInt16.self, capacity: 2 * out.count) {
                    ductus_bfloat16_round(elements.count, base, $0)
                }
            }
        }
    }

    /// The elements whose bfloat16 are in the bits of this tensor.
    fileprivate func widened(_ count: Int) -> Tensor {
        withUnsafeBuffer { elements in
            Tensor(shape: [count]) { out in
                guard let base = elements.baseAddress, let target = out.baseAddress, count > 0 else { return }
                base.withMemoryRebound(to: UInt16.self, capacity: 2 * elements.count) {
                    ductus_bfloat16_widen(count, $0, target)
                }
            }
        }
    }
}
