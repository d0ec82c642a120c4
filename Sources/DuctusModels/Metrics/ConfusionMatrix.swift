/// The number of samples of every class that were classified as each class.
///
/// ```swift
/// let confusion = try ConfusionMatrix(of: network, on: test, classNames: digits.classNames)
/// confusion.accuracy                     // 0.992
/// confusion.accuracy(of: 9)              // 0.985: recall of the nines
/// confusion.mistakes.first               // 5 nines were classified as 4
/// ```
public struct ConfusionMatrix: Sendable, Equatable {
    /// The names of the classes.
    public let classNames: [String]
    /// `[classes, classes]`: rows are true classes, columns predicted classes.
    public let counts: Tensor<Int32>

    /// Counts pairs of true and predicted classes, one per sample.
    public init(_ pairs: some Sequence<(truth: Int32, answer: Int32)>, classNames: [String]) {
        let count = classNames.count
        var counts = [Int32](repeating: 0, count: count * count)
        for (truth, answer) in pairs {
            precondition(
                classNames.indices.contains(Int(truth)) && classNames.indices.contains(Int(answer)),
                "ConfusionMatrix: there are \(count) class names; truth is \(truth) and answer \(answer).")
            counts[Int(truth) * count + Int(answer)] += 1
        }
        self.classNames = classNames
        self.counts = Tensor(counts, shape: [count, count])
    }

    /// Counts the predictions of a network, its largest logits, for all samples, or all pixels.
    /// - Throws: errors of makers of samples.
    public init(of network: some Network, on data: BatchLoader, classNames: [String]) throws {
        var counts = Tensor<Int32>.zeros([classNames.count, classNames.count])
        var batches = data.batches(epoch: 0)
        while let batch = try batches.nextBatch() {
            let answers = network(batch.input, widths: batch.widths).argmax().scalars
            let pairs = zip(batch.labels.scalars, answers).map { (truth: $0, answer: $1) }
            counts += ConfusionMatrix(pairs, classNames: classNames).counts
        }
        self.init(classNames: classNames, counts: counts)
    }

    /// The share of samples that were classified correctly; 0 without samples.
    public var accuracy: Double {
        let right = classNames.indices.reduce(0) { $0 + self[$1, $1] }
        return Double(right) / Double(max(counts.scalars.reduce(0) { $0 + Int($1) }, 1))
    }

    /// The number of samples of the class `truth` that were classified as `answer`.
    public subscript(truth: Int, answer: Int) -> Int { Int(counts[truth, answer]) }

    /// The number of samples of a class.
    public func count(of truth: Int) -> Int { classNames.indices.reduce(0) { $0 + self[truth, $1] } }

    /// The share of the samples of the class `truth` that were classified as `answer`; 0 without samples.
    public func share(of truth: Int, takenFor answer: Int) -> Double {
        Double(self[truth, answer]) / Double(max(count(of: truth), 1))
    }

    /// The share of the samples of a class that were classified correctly: its recall.
    public func accuracy(of truth: Int) -> Double { share(of: truth, takenFor: truth) }

    /// A pair of different classes, and how often one was classified as the other.
    public struct Mistake: Sendable, Equatable {
        /// The true class.
        public let truth: Int
        /// The predicted class.
        public let answer: Int
        /// The number of samples.
        public let count: Int
    }

    /// All misclassifications, most frequent first.
    public var mistakes: [Mistake] {
        classNames.indices.flatMap { truth in
            classNames.indices.filter { $0 != truth && self[truth, $0] > 0 }
                .map { Mistake(truth: truth, answer: $0, count: self[truth, $0]) }
        }.sorted { ($1.count, $0.truth, $0.answer) < ($0.count, $1.truth, $1.answer) }
    }
}

extension ConfusionMatrix {
    /// Merges the classes for which `name` returns the same name, in the order of the first of each.
    ///
    /// ```swift
    /// letters.merged { $0.lowercased() }.accuracy     // ignoring case
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
