/// A sum over shards in an order that their number determines, however they are grouped: in pairs, pairs of pairs, and so on,
/// and finally what is left from the right.
///
/// A rank adds the values of its own, consecutive shards. The parts that it ends with are inner nodes of the same tree for
/// any number of ranks, so that the sum over all ranks is the same bit by bit. With powers of two, every rank ends with one.
struct ShardSum {
    /// The sum of some consecutive shards; nil if none of them has a value.
    struct Part {
        let shards: Range<Int>
        let value: Tensor<Float>?
    }

    /// The sums so far, in order of their shards.
    private(set) var parts: [Part] = []

    /// Adds the value of the shard after the last one.
    mutating func add(_ value: Tensor<Float>?, shard: Int) { add(Part(shards: shard..<shard + 1, value: value)) }

    /// Adds a part that follows the last one.
    mutating func add(_ part: Part) {
        parts.append(part)
        while let (left, right) = lastPair, left.shards.count == right.shards.count,
            left.shards.lowerBound.isMultiple(of: 2 * left.shards.count)
        {
            parts.removeLast(2)
            parts.append(Self.sum(left, right))
        }
    }

    /// The sum of all shards; nil if none has a value. To be asked for when all have been added.
    var total: Tensor<Float>? {
        var sum = self
        while let (left, right) = sum.lastPair {
            sum.parts.removeLast(2)
            sum.parts.append(Self.sum(left, right))
        }
        return sum.parts.first?.value
    }

    private var lastPair: (Part, Part)? { parts.count > 1 ? (parts[parts.count - 2], parts[parts.count - 1]) : nil }

    private static func sum(_ left: Part, _ right: Part) -> Part {
        let value =
            if let a = left.value, let b = right.value { a + b } else { left.value ?? right.value }
        return Part(shards: left.shards.lowerBound..<right.shards.upperBound, value: value)
    }
}
