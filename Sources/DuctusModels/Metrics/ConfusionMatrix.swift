/// How often each class was taken for each.
///
/// ```swift
/// let confusion = ConfusionMatrix(of: network, on: unseen, classNames: digits.classNames)
/// confusion.accuracy                     // 0.992
/// confusion.accuracy(of: 9)              // 0.985: the share of the nines that were named so
/// confusion.mistakes.first               // 9 taken for 4, 5 times
/// ```
public struct ConfusionMatrix: Sendable, Equatable {
    /// What the classes stand for.
    public let classNames: [String]
    /// `[classes, classes]`: the row is the true class, the column the answer.
    public let counts: Tensor<Int32>

    /// What was true and what was answered, as numbers of classes, one pair a sample.
    public init(_ pairs: some Sequence<(truth: Int32, answer: Int32)>, classNames: [String]) {
        let count = classNames.count
        var counts = [Int32](repeating: 0, count: count * count)
        for (truth, answer) in pairs {
            precondition(
                classNames.indices.contains(Int(truth)) && classNames.indices.contains(Int(answer)),
                "There are names for \(count) classes; class \(max(truth, answer)) has none.")
            counts[Int(truth) * count + Int(answer)] += 1
        }
        self.classNames = classNames
        self.counts = Tensor(counts, shape: [count, count])
    }

    /// The answers of a network, its largest logits, on all samples, or on all pixels.
    public init(of network: some Network, on data: BatchLoader, classNames: [String]) {
        let pairs = data.plan(epoch: 0).lazy.flatMap { indices in
            let batch = data.batch(indices, epoch: 0)
            return zip(batch.labels.scalars, network(batch.input).argmax().scalars).map { (truth: $0, answer: $1) }
        }
        self.init(pairs, classNames: classNames)
    }

    /// The share of samples that were named right; 0 without samples.
    public var accuracy: Double {
        let right = classNames.indices.reduce(0) { $0 + self[$1, $1] }
        return Double(right) / Double(max(counts.scalars.reduce(0) { $0 + Int($1) }, 1))
    }

    /// How many samples of a class were taken for a class.
    public subscript(truth: Int, answer: Int) -> Int { Int(counts[truth, answer]) }

    /// How many samples a class has.
    public func count(of truth: Int) -> Int { classNames.indices.reduce(0) { $0 + self[truth, $1] } }

    /// The share of a class's samples that was taken for a class; 0 without samples.
    public func share(of truth: Int, takenFor answer: Int) -> Double {
        Double(self[truth, answer]) / Double(max(count(of: truth), 1))
    }

    /// The share of a class's samples that was named right: its recall.
    public func accuracy(of truth: Int) -> Double { share(of: truth, takenFor: truth) }

    /// A class that was taken for another.
    public struct Mistake: Sendable, Equatable {
        /// The number of the true class.
        public let truth: Int
        /// The number of the class that was answered.
        public let answer: Int
        /// How often.
        public let count: Int
    }

    /// Everything that was taken for something else, the most frequent first.
    public var mistakes: [Mistake] {
        classNames.indices.flatMap { truth in
            classNames.indices.filter { $0 != truth && self[truth, $0] > 0 }
                .map { Mistake(truth: truth, answer: $0, count: self[truth, $0]) }
        }.sorted { ($1.count, $0.truth, $0.answer) < ($0.count, $1.truth, $1.answer) }
    }
}

extension ConfusionMatrix {
    /// The matrix of coarser classes: those to which `name` gives one name become one, in the order of their first.
    ///
    /// ```swift
    /// letters.merged { $0.lowercased() }.accuracy     // if case does not count
    /// ```
    public func merged(_ name: (String) -> String) -> ConfusionMatrix {
        var names: [String] = []
        let places = classNames.map { original in
            let new = name(original)
            if let place = names.firstIndex(of: new) { return place }
            names.append(new)
            return names.count - 1
        }
        var merged = [Int32](repeating: 0, count: names.count * names.count)
        for truth in classNames.indices {
            for answer in classNames.indices {
                merged[places[truth] * names.count + places[answer]] += counts[truth, answer]
            }
        }
        return ConfusionMatrix(classNames: names, counts: Tensor(merged, shape: [names.count, names.count]))
    }

    private init(classNames: [String], counts: Tensor<Int32>) { (self.classNames, self.counts) = (classNames, counts) }
}
