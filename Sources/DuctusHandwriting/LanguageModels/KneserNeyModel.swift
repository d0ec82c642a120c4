/// Character n-grams with interpolated modified Kneser-Ney probabilities, which can be pruned.
///
/// ```
/// p(c | h) = (n(hc) − D(n(hc))) / n(h) + γ(h) p(c | h′),     γ(h) = Σ_c D(n(hc)) / n(h)
/// ```
///
/// h′ is h without its first character. n counts occurrences for the highest order, and the different characters that
/// precede an n-gram for all others; n(h) = Σ_c n(hc). The unigrams are interpolated with the uniform distribution over all
/// characters and one that stands for every unknown one. The discounts D of n-grams that occur once, twice, and more often
/// are those of Chen and Goodman, from the numbers of n-grams that occur one to four times.
///
/// The whole count of an n-gram that is pruned goes to γ, so that probabilities still sum to 1.
///
/// See S. Chen and J. Goodman, *An Empirical Study of Smoothing Techniques for Language Modeling*, 1999, section 3, and,
/// for the criterion of pruning, K. Seymore and R. Rosenfeld, *Scalable Backoff Language Models*, 1996.
package struct KneserNeyModel {
    /// The n-grams of one order; order 0 has the empty one.
    struct Level {
        /// The counts n.
        var ngrams = NGrams()
        /// The number of occurrences.
        var occurrences: [Int] = []
        /// The indices, one order below, of the n-grams without their last symbol and without their first.
        var contexts: [Int32] = []
        var suffixes: [Int32] = []
        var discounts = Discounts()
        /// p of the last symbol.
        var probabilities: [Double] = []
        /// γ of the n-grams as contexts.
        var backoffs: [Double] = []
        var isKept: [Bool] = []

        func index(of key: UInt64, from start: Int = 0) -> Int? {
            var (low, high) = (start, ngrams.keys.count)
            while low < high {
                let middle = (low + high) / 2
                if ngrams.keys[middle] < key { low = middle + 1 } else { high = middle }
            }
            return low < ngrams.keys.count && ngrams.keys[low] == key ? low : nil
        }
    }

    var levels: [Level]
    var order: Int { levels.count - 1 }

    /// - Parameters:
    ///   - texts: texts as symbols below `symbols`, none of them empty, with their weights. Each is a ring: its beginning
    ///     follows its end. All symbols occur.
    ///   - symbols: the number of symbols.
    ///   - order: the number of symbols of the longest n-grams, 1 to 8.
    package init(_ texts: [(symbols: [UInt8], weight: Int)], symbols: Int, order: Int) {
        var highest = NGrams()
        for text in texts { highest.merge(NGrams(order: order, ring: text.symbols, weight: text.weight)) }
        levels = [Level](repeating: Level(), count: order + 1)
        levels[order].ngrams = highest
        levels[order].occurrences = highest.counts
        var occurring = highest
        for k in (1..<order).reversed() {
            levels[k].ngrams = levels[k + 1].ngrams.suffixes(order: k + 1)
            occurring = occurring.contexts
            precondition(occurring.keys == levels[k].ngrams.keys, "KneserNeyModel: the texts are not rings.")
            levels[k].occurrences = occurring.counts
        }
        levels[0].ngrams.keys = [0]
        (levels[0].probabilities, levels[0].isKept) = ([1 / Double(symbols + 1)], [true])
        for k in 1...order {
            connect(k)
            levels[k].discounts = Discounts(levels[k].ngrams.counts)
            levels[k].isKept = [Bool](repeating: true, count: levels[k].ngrams.keys.count)
        }
        estimate()
    }

    /// Finds contexts and suffixes.
    private mutating func connect(_ k: Int) {
        let (keys, below) = (levels[k].ngrams.keys, levels[k - 1])
        let first = UInt64(8 * (k - 1))
        let mask = (UInt64(1) << first) - 1
        var (contexts, suffixes) = ([Int32](), [Int32]())
        contexts.reserveCapacity(keys.count)
        suffixes.reserveCapacity(keys.count)
        var (context, suffix, previous) = (0, 0, UInt64.max)
        for key in keys {
            while below.ngrams.keys[context] != key >> 8 { context += 1 }
            // Among n-grams with the same first symbol, suffixes ascend.
            if key >> first != previous { suffix = 0 }
            previous = key >> first
            guard let found = below.index(of: key & mask, from: suffix) else {
                preconditionFailure("KneserNeyModel: the suffix of an n-gram is missing.")
            }
            suffix = found
            contexts.append(Int32(context))
            suffixes.append(Int32(found))
        }
        (levels[k].contexts, levels[k].suffixes) = (contexts, suffixes)
    }

    /// Computes γ and p of all n-grams, also of those that are pruned, from the lowest order to the highest.
    mutating func estimate() {
        for k in 1...order {
            let (level, below) = (levels[k], levels[k - 1])
            var totals = [Double](repeating: 0, count: below.ngrams.keys.count)
            var freed = totals
            for (index, count) in level.ngrams.counts.enumerated() {
                let context = Int(level.contexts[index])
                totals[context] += Double(count)
                freed[context] += level.isKept[index] ? level.discounts[count] : Double(count)
            }
            let backoffs = zip(freed, totals).map { $0 / $1 }
            var probabilities = [Double](repeating: 0, count: level.ngrams.keys.count)
            for (index, count) in level.ngrams.counts.enumerated() {
                let context = Int(level.contexts[index])
                let own = level.isKept[index] ? (Double(count) - level.discounts[count]) / totals[context] : 0
                probabilities[index] = own + backoffs[context] * below.probabilities[Int(level.suffixes[index])]
            }
            levels[k - 1].backoffs = backoffs
            levels[k].probabilities = probabilities
        }
    }

    /// The probability of a symbol after a context, of which the last `order − 1` symbols matter.
    package func probability(of symbol: UInt8, after context: [UInt8]) -> Double {
        var probability = levels[0].probabilities[0]
        for k in 1...order where k <= context.count + 1 {
            let history = context.suffix(k - 1).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            guard let place = levels[k - 1].index(of: history) else { break }
            if let index = levels[k].index(of: history << 8 | UInt64(symbol)) {
                probability = levels[k].probabilities[index]
            } else {
                probability *= levels[k - 1].backoffs[place]
            }
        }
        return probability
    }
}

/// The discounts of modified Kneser-Ney smoothing for n-grams that occur once, twice, and more often.
struct Discounts: Equatable {
    private var values = [0.5, 0.5, 0.5]

    init() {}

    /// One half where counts are too few to tell.
    init(_ counts: [Int]) {
        var occurring = [0, 0, 0, 0, 0]
        for count in counts where count <= 4 { occurring[count] += 1 }
        let n = occurring.map(Double.init)
        let y = n[1] / (n[1] + 2 * n[2])
        for k in 1...3 {
            let discount = Double(k) - Double(k + 1) * y * n[k + 1] / n[k]
            if discount > 0, discount < Double(k) { values[k - 1] = discount }
        }
    }

    subscript(count: Int) -> Double { values[min(count, 3) - 1] }
}
