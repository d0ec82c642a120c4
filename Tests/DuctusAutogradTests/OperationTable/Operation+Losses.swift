import DuctusAutograd
import DuctusTestSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The labels of a loss over classes, and how it is set.
struct LabeledSetting: CustomStringConvertible, Sendable {
    /// One for every row of logits.
    let labels: [Int]
    var ignored: Int?
    var smoothing = 0.0
    var gamma = 2.0

    var description: String { "labels \(labels)" }

    /// The labels in a shape.
    func tensor(_ logits: Tensor<Float>) -> Tensor<Int32> {
        Tensor(labels.map { Int32($0) }, shape: Shape(logits.shape.dropLast()))
    }
}

/// The labels of connectionist temporal classification.
struct TranscribedSetting: CustomStringConvertible, Sendable {
    let labels: [[Int]]
    var lengths: [Int]?
    var blank = 0

    var description: String { "labels \(labels)\(lengths.map { " in \($0) steps" } ?? "")" }

    /// The labels, padded to one length.
    var tensor: Tensor<Int32> {
        let longest = labels.reduce(0) { max($0, $1.count) }
        let padded = labels.flatMap { labels in (0..<longest).map { Int32($0 < labels.count ? labels[$0] : 0) } }
        return Tensor<Int32>(padded, shape: [labels.count, longest])
    }
}

extension Operation {
    static let losses: [Operation] = [regressions, classifications, transcriptions].flatMap { $0 }

    // MARK: Distances

    private static func regression(
        _ name: String, domain: ClosedRange<Float>, special: [Float], mistakes: [Mistake] = [],
        _ function: @escaping @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float>,
        each definition: @escaping @Sendable (Double, Double) -> Double
    ) -> Operation {
        Operation(
            name, .ulpsOfLargest(8),
            ([[], [1], [7], [16], [33], [2, 3, 4], [1025]] as [Shape]).map { Sample([$0, $0]) } + [
                Sample([[11], [11]], .special(special)), Sample([[300, 301], [300, 301]], .large),
            ], domain: domain, mistakes: mistakes
        ) { x, _ in
            function(x[0], x[1])
        } definition: { x, _ in
            Plain([zip(x[0].numbers, x[1].numbers).map(definition).total / Double(x[0].numbers.count)], shape: [])
        }
    }

    private static let regressions: [Operation] = [
        regression("meanSquaredError", domain: -2...2, special: [1, .nan, 2]) {
            meanSquaredError($0, $1)
        } each: {
            ($0 - $1) * ($0 - $1)
        },
        regression(
            "huberLoss", domain: -2...2, special: [1, .infinity, 2, 3, 0.5, -1],
            mistakes: [
                Mistake("the output is [2], the targets are [3]; they must have the same shape.") {
                    huberLoss(.zeros([2]), .zeros([3]))
                },
                Mistake("there are no targets.") { huberLoss(.zeros([0]), .zeros([0])) },
                Mistake("huberLoss: delta is 0.0; it must be above 0.") {
                    huberLoss(.zeros([2]), .zeros([2]), delta: 0)
                },
            ]
        ) {
            huberLoss($0, $1, delta: 0.75)
        } each: {
            let distance = abs($0 - $1)
            return distance <= 0.75 ? distance * distance / 2 : 0.75 * (distance - 0.375)
        },
        // Targets are probabilities; the logits are drawn from the same range.
        regression(
            "binaryCrossEntropy", domain: 0.01...0.99, special: [0, 1],
            mistakes: [
                Mistake("binaryCrossEntropy: the targets are from -0.5 to 2.0; they must be from 0 to 1.") {
                    binaryCrossEntropy(.zeros([3]), [0, 2, -0.5])
                }
            ]
        ) {
            binaryCrossEntropy($0, $1)
        } each: {
            -$1 * log(1 / (1 + exp(-$0))) - (1 - $1) * log(1 / (1 + exp($0)))
        },
    ]

    // MARK: Classes

    /// log softmax of every row of logits.
    private static func logarithms(_ logits: Plain) -> [[Double]] {
        let classes = logits.shape[logits.rank - 1]
        return (0..<logits.numbers.count / classes).map { row in
            let x = Array(logits.numbers[row * classes..<(row + 1) * classes])
            let top = x.top
            let total = top + log(x.map { exp($0 - top) }.total)
            return x.map { $0 - total }
        }
    }

    private static let labeledSamples: [Sample<LabeledSetting>] = [
        Sample([[4, 5]], LabeledSetting(labels: [0, 4, 2, 2])),
        Sample([[1, 2, 3, 2]], LabeledSetting(labels: [0, 1, 1, 1, 0, 0])),
        Sample([[3, 1]], LabeledSetting(labels: [0, 0, 0])), Sample([[5]], LabeledSetting(labels: [3])),
        Sample([[2, 33]], LabeledSetting(labels: [32, 0])),
        Sample([[9, 17]], LabeledSetting(labels: [0, 16, 1, 15, 2, 14, 3, 13, 4])),
        Sample([[2, 4]], LabeledSetting(labels: [1, 3]), .special(withNaN)),
        Sample([[1000, 71]], LabeledSetting(labels: (0..<1000).map { $0 % 71 }), .large),
    ]

    private static let classifications: [Operation] = [
        Operation(
            "softmaxCrossEntropy", .ulpsOfLargest(8),
            labeledSamples + [
                Sample([[2, 3, 4]], LabeledSetting(labels: [0, -1, 2, -1, -1, 1], ignored: -1)),
                Sample([[3, 4]], LabeledSetting(labels: [0, 2, 3], ignored: 2, smoothing: 0.3)),
                Sample([[2, 4]], LabeledSetting(labels: [7, 7], ignored: 7)),
            ],
            mistakes: [
                Mistake("softmaxCrossEntropy: label 4 is not one of 4 classes.") {
                    softmaxCrossEntropy(.zeros([2, 4]), [0, 4])
                },
                Mistake("softmaxCrossEntropy: there are no labels.") { softmaxCrossEntropy(.zeros([0, 4]), []) },
            ]
        ) {
            softmaxCrossEntropy(
                $0[0], $1.tensor($0[0]), ignoring: $1.ignored.map { Int32($0) }, smoothing: $1.smoothing)
        } definition: { x, setting in
            var (loss, count) = (0.0, 0)
            for (row, label) in zip(logarithms(x[0]), setting.labels) where label != setting.ignored {
                let mean = row.total / Double(row.count)
                loss -= (1 - setting.smoothing) * row[label] + setting.smoothing * mean
                count += 1
            }
            return Plain([loss / Double(max(count, 1))], shape: [])
        },
        Operation("focalLoss", .ulpsOfLargest(8), labeledSamples) {
            focalLoss($0[0], $1.tensor($0[0]), gamma: $1.gamma)
        } definition: { x, setting in
            let losses = zip(logarithms(x[0]), setting.labels).map { row, label in
                -pow(1 - exp(row[label]), setting.gamma) * row[label]
            }
            return Plain([losses.total / Double(losses.count)], shape: [])
        },
        Operation("diceLoss", .ulpsOfLargest(8), labeledSamples) {
            diceLoss($0[0], $1.tensor($0[0]))
        } definition: { x, setting in
            let rows = logarithms(x[0]).map { $0.map { exp($0) } }
            let classes = rows[0].count
            let scores = (0..<classes).map { c in
                var (overlap, size) = (0.0, 0.0)
                for (row, label) in zip(rows, setting.labels) {
                    let target = label == c ? 1.0 : 0
                    overlap += row[c] * target
                    size += row[c] + target
                }
                return (2 * overlap + 1) / (size + 1)
            }
            return Plain([1 - scores.total / Double(classes)], shape: [])
        },
    ]

    // MARK: Transcripts

    /// The probability of `labels`: that of all paths that collapse to them, one by one.
    private static func probability(of labels: [Int], _ steps: [[Double]], blank: Int) -> Double {
        guard let classes = steps.first?.count else { return labels.isEmpty ? 1 : 0 }
        var sum = 0.0
        for path in indices(of: Shape(repeating: classes, count: steps.count)) {
            var collapsed: [Int] = []
            for (t, label) in path.enumerated() where label != blank {
                if t == 0 || path[t - 1] != label { collapsed.append(label) }
            }
            if collapsed == labels { sum += zip(steps, path).reduce(1.0) { $0 * exp($1.0[$1.1]) } }
        }
        return sum
    }

    private static let transcriptions: [Operation] = [
        Operation(
            "ctcLoss", .ulpsOfLargest(16),
            [
                Sample([[2, 5, 3]], TranscribedSetting(labels: [[1, 1], [2]])),
                Sample([[2, 4, 3]], TranscribedSetting(labels: [[1, 2], []], lengths: [4, 2])),
                Sample([[1, 5, 3]], TranscribedSetting(labels: [[0, 1, 1]], blank: 2)),
                Sample([[0, 4, 3]], TranscribedSetting(labels: [])),
                // Too few steps: an infinite loss.
                Sample([[1, 2, 3]], TranscribedSetting(labels: [[1, 1]]), .special([0.5, -1, 2, 0.25, 1])),
                // A label of probability 0.
                Sample([[1, 3, 3]], TranscribedSetting(labels: [[1]]), .special([0.5, -.infinity, 2])),
                Sample(
                    [[16, 100, 30]], TranscribedSetting(labels: (0..<16).map { [1 + $0, 2, 2, 29] }), .large),
            ],
            mistakes: [
                Mistake("ctcLoss: sample 0 has label 3; labels must be below 3 and not the blank, 0.") {
                    ctcLoss(.zeros([1, 4, 3]), labels: [[3]], labelLengths: [1])
                }
            ]
        ) { x, setting in
            ctcLoss(
                x[0], labels: setting.tensor, labelLengths: setting.labels.map(\.count), logitLengths: setting.lengths,
                blank: setting.blank)
        } definition: { x, setting in
            let time = x[0].shape[1]
            let rows = logarithms(x[0])
            let losses = setting.labels.enumerated().map { sample, labels in
                let steps = rows[sample * time..<sample * time + (setting.lengths?[sample] ?? time)]
                return -log(probability(of: labels, Array(steps), blank: setting.blank))
            }
            return Plain(losses, shape: [losses.count])
        }
    ]
}
