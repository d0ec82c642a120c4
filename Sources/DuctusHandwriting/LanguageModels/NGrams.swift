/// The n-grams of one order, sorted, with their counts.
///
/// An n-gram of at most eight symbols is a number with a symbol in every byte, the last symbol in the lowest.
struct NGrams {
    var keys: [UInt64] = []
    var counts: [Int] = []

    init() {}

    /// Counts numbers, each `weight` times.
    init(counting unsorted: [UInt64], bytes: Int, weight: Int = 1) {
        for key in unsorted.sortedByBytes(bytes) {
            if keys.last == key {
                counts[counts.count - 1] += weight
            } else {
                keys.append(key)
                counts.append(weight)
            }
        }
    }

    /// The n-grams of a text that is a ring: its beginning follows its end. Therefore every n-gram has one before it and one
    /// after it, and the counts of all orders agree.
    init(order: Int, ring: [UInt8], weight: Int) {
        let mask = UInt64.max >> UInt64(64 - 8 * order)
        var key: UInt64 = 0
        for index in 0..<(order - 1) { key = key << 8 | UInt64(ring[index % ring.count]) }
        let keys = ring.indices.map { index in
            key = (key << 8 | UInt64(ring[(index + order - 1) % ring.count])) & mask
            return key
        }
        self.init(counting: keys, bytes: order, weight: weight)
    }

    /// Adds the counts of other n-grams of the same order.
    mutating func merge(_ other: NGrams) {
        var (merged, i, j) = (NGrams(), 0, 0)
        while i < keys.count || j < other.keys.count {
            let isFirst = j == other.keys.count || i < keys.count && keys[i] <= other.keys[j]
            let isSecond = i == keys.count || j < other.keys.count && other.keys[j] <= keys[i]
            merged.keys.append(isFirst ? keys[i] : other.keys[j])
            merged.counts.append((isFirst ? counts[i] : 0) + (isSecond ? other.counts[j] : 0))
            if isFirst { i += 1 }
            if isSecond { j += 1 }
        }
        self = merged
    }

    /// The n-grams without their last symbol, and how often they occur.
    var contexts: NGrams {
        var contexts = NGrams()
        for (key, count) in zip(keys, counts) {
            if contexts.keys.last == key >> 8 {
                contexts.counts[contexts.counts.count - 1] += count
            } else {
                contexts.keys.append(key >> 8)
                contexts.counts.append(count)
            }
        }
        return contexts
    }

    /// The n-grams without their first symbol, and how many different symbols precede them.
    func suffixes(order: Int) -> NGrams {
        let mask = (UInt64(1) << UInt64(8 * (order - 1))) - 1
        return NGrams(counting: keys.map { $0 & mask }, bytes: order - 1)
    }
}

extension [UInt64] {
    /// The numbers in ascending order, by a radix sort of their lowest bytes; the others must be 0.
    fileprivate func sortedByBytes(_ bytes: Int) -> [UInt64] {
        var (from, to) = (self, [UInt64](repeating: 0, count: count))
        for byte in 0..<bytes {
            let shift = UInt64(8 * byte)
            var starts = [Int](repeating: 0, count: 257)
            for key in from { starts[Int(key >> shift & 255) + 1] += 1 }
            for value in 0..<256 { starts[value + 1] += starts[value] }
            to.withUnsafeMutableBufferPointer { to in
                starts.withUnsafeMutableBufferPointer { starts in
                    for key in from {
                        let value = Int(key >> shift & 255)
                        to[starts[value]] = key
                        starts[value] += 1
                    }
                }
            }
            swap(&from, &to)
        }
        return from
    }
}
