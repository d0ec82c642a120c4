extension KneserNeyModel {
    /// Removes the n-grams that matter least until the file has at most `bytes`, without its metadata.
    ///
    /// An n-gram hc matters by the logarithm of the probability that its occurrences would lose if the model backed off
    /// instead, or by what its continuations matter: N(hc) (ln p(c | h) − ln γ(h) p(c | h′)). All unigrams are kept.
    package mutating func prune(to bytes: Int) {
        guard order > 1 else { return }
        let (values, heirs) = worths()
        var (low, high) = (-1e30, 1e30)
        // Halving in the order of floating-point numbers would be exact; 60 halvings of the logarithm are enough.
        func size(_ threshold: Double) -> Int {
            var size = 0
            for k in 1...order {
                for index in values[k].indices {
                    if k == 1 || values[k][index] > threshold { size += Self.bytesPerNode }
                    if heirs[k][index] > threshold { size += Self.bytesPerContext }
                }
            }
            return size / Self.unit
        }
        var threshold = -Double.infinity
        if size(threshold) > bytes {
            (low, high) = (-60, 60)
            for _ in 0..<50 {
                threshold = exponential((low + high) / 2)
                if size(threshold) > bytes { low = (low + high) / 2 } else { high = (low + high) / 2 }
            }
            threshold = exponential(high)
        }
        for k in 2...order { levels[k].isKept = values[k].map { $0 > threshold } }
        estimate()
    }

    /// The size of a node and of a context in the file, in 16ths of a byte; see `LanguageModel.Layout`.
    private static let (unit, bytesPerNode, bytesPerContext) = (16, 35, 144)

    /// What every n-gram matters, or the most that one of its continuations does; and the latter alone.
    private func worths() -> (values: [[Double]], heirs: [[Double]]) {
        var heirs = levels.map { [Double](repeating: -.infinity, count: $0.ngrams.keys.count) }
        var values = heirs
        for k in (1...order).reversed() {
            let (level, below) = (levels[k], levels[k - 1])
            for index in level.ngrams.keys.indices {
                let context = Int(level.contexts[index])
                let other = below.backoffs[context] * below.probabilities[Int(level.suffixes[index])]
                let own = Double(level.occurrences[index]) * logarithm(level.probabilities[index] / other)
                values[k][index] = max(own, heirs[k][index])
                heirs[k - 1][context] = max(heirs[k - 1][context], values[k][index])
            }
        }
        return (values, heirs)
    }

    /// The arrays of the file.
    func contents() -> (LanguageModel.Contents, counts: [Int], contexts: Int) {
        var contents = LanguageModel.Contents()
        var (counts, contexts) = ([Int](), UInt32(1))
        var children = levels[1].ngrams.keys.count
        (contents.firstChildren, contents.suffixes) = ([0], [0])
        contents.backoffs = [Self.cost(levels[0].backoffs[0])]
        // For every n-gram of an order, the context that it is, or else its longest suffix that is one.
        var below: [UInt32] = [0]
        for k in 1...order {
            let level = levels[k]
            var numbers = [Int](repeating: 0, count: level.ngrams.keys.count)
            if k < order {
                for (index, context) in levels[k + 1].contexts.enumerated() where levels[k + 1].isKept[index] {
                    numbers[Int(context)] += 1
                }
            }
            var (current, count) = ([UInt32](repeating: 0, count: numbers.count), 0)
            for index in numbers.indices {
                current[index] = below[Int(level.suffixes[index])]
                guard level.isKept[index] else { continue }
                count += 1
                contents.symbols.append(UInt8(truncatingIfNeeded: level.ngrams.keys[index]))
                contents.costs.append(Self.cost(level.probabilities[index]))
                contents.isContext.append(numbers[index] > 0)
                guard numbers[index] > 0 else { continue }
                contents.firstChildren.append(UInt32(children))
                contents.suffixes.append(current[index])
                contents.backoffs.append(Self.cost(level.backoffs[index]))
                current[index] = contexts
                contexts += 1
                children += numbers[index]
            }
            counts.append(count)
            below = current
        }
        contents.firstChildren.append(UInt32(children))
        return (contents, counts, Int(contexts))
    }

    private static func cost(_ probability: Double) -> UInt8 {
        UInt8(min(max((-LanguageModel.scale * logarithm(probability)).rounded(), 0), 255))
    }
}
