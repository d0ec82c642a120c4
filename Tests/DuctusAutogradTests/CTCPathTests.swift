import DuctusAutograd
import DuctusTestSupport
import Testing

/// CTC against its definition: the sum over all paths that collapse to the labels.
@Suite struct CTCPathTests {
    struct Sample: CustomStringConvertible, Sendable {
        let labels: [Int32]
        let steps: Int
        let classes: Int
        let blank: Int

        var description: String { "\(labels) in \(steps) steps of \(classes) classes, blank \(blank)" }
    }

    static let samples: [Sample] =
        [0, 1, 2].flatMap { blank in
            (1...5).flatMap { steps in
                let (a, b) = blank == 0 ? (1, 2) : blank == 1 ? (0, 2) : (0, 1)
                let words = [
                    [], [a], [a, a], [a, b], [b, b, a], [a, b, a], [a, a, a], [b, a, b, a], [a, b, a, b, a],
                ]
                return words.map { Sample(labels: $0.map(Int32.init), steps: steps, classes: 3, blank: blank) }
            }
        } + (1...4).map { Sample(labels: [1], steps: $0, classes: 2, blank: 0) }

    /// The labels of a path: repetitions merged, then blanks removed.
    static func collapsed(_ path: [Int], blank: Int) -> [Int32] {
        path.indices.filter { path[$0] != blank && ($0 == 0 || path[$0] != path[$0 - 1]) }.map { Int32(path[$0]) }
    }

    static func loss(_ logits: Tensor<Double>, _ sample: Sample) -> Tensor<Double> {
        ctcLoss(
            logits, labels: Tensor(sample.labels, shape: [1, sample.labels.count]),
            labelLengths: [sample.labels.count], blank: sample.blank)
    }

    @Test(arguments: samples)
    func equalsTheSumOverAllPaths(sample: Sample) throws {
        let logits = Tensor<Double>.sample([1, sample.steps, sample.classes], seed: UInt64(sample.steps), scale: 2)
        let odds = logits.softmax()
        // The probability of all paths that collapse to the labels, and of those through class c at step t.
        var total = 0.0
        var through = Tensor<Double>.zeros([1, sample.steps, sample.classes])
        for path in indices(of: Shape(repeating: sample.classes, count: sample.steps))
        where Self.collapsed(path, blank: sample.blank) == sample.labels {
            let probability = path.enumerated().reduce(1.0) { $0 * odds[0, $1.offset, $1.element] }
            total += probability
            for (t, c) in path.enumerated() { through[0, t, c] += probability }
        }
        let (value, gradients) = valueAndGradient(at: [logits]) { Self.loss($0[0], sample).sum() }
        if total == 0 {
            #expect(value.item() == .infinity)
            #expect(gradients[0] == .zeros(logits.shape))
        } else {
            #expect(abs(value.item() + logarithm(total)) < 1e-12)
            #expect(disagreement(of: gradients[0], with: odds - through / total, tolerance: 1e-11) == nil)
        }
    }

    @Test func samplesOfABatchAreIndependent() {
        let logits = Tensor<Double>.sample([4, 5, 3])
        let words: [[Int32]] = [[1, 2], [1, 1, 1, 1], [], [2, 1, 2]]
        let steps = [5, 5, 3, 2]  // too few for the second and the last
        let padded = Tensor(words.flatMap { $0 + Array(repeating: -1, count: 4 - $0.count) }, shape: [4, 4])
        var losses: [Double] = []
        let gradient = valueAndGradient(at: [logits]) {
            let all = ctcLoss($0[0], labels: padded, labelLengths: words.map(\.count), logitLengths: steps)
            losses = all.scalars
            return all.mean()
        }.gradients[0]
        #expect(losses.map(\.isFinite) == [true, false, true, false])
        for n in 0..<4 {
            let sample = Sample(labels: words[n], steps: steps[n], classes: 3, blank: 0)
            let alone = valueAndGradient(at: [logits.sliced(n..<n + 1, axis: 0).sliced(0..<steps[n], axis: 1)]) {
                Self.loss($0[0], sample).sum()
            }
            let here = gradient.sliced(n..<n + 1, axis: 0)
            #expect(disagreement(of: [Tensor(losses[n])], with: [alone.value], tolerance: 1e-12) == nil)
            let expected = alone.gradients[0] * 0.25
            #expect(disagreement(of: here.sliced(0..<steps[n], axis: 1), with: expected, tolerance: 1e-12) == nil)
            #expect(here.sliced(steps[n]..<5, axis: 1) == .zeros([1, 5 - steps[n], 3]))
        }
    }

    /// 2000 steps of logits around ±60: probabilities far below the range of Float.
    @Test(arguments: [0, 1, 300, 1000]) func staysFiniteOverLongSequences(length: Int) {
        let (steps, classes) = (2000, 12)
        let logits = Tensor<Float>.sample([1, steps, classes], scale: 60)
        let labels = Tensor((0..<length).map { Int32(1 + $0 * 7 % (classes - 1)) }, shape: [1, length])
        let (value, gradients) = valueAndGradient(at: [logits]) {
            ctcLoss($0[0], labels: labels, labelLengths: [length]).sum()
        }
        let exact = valueAndGradient(at: [Tensor<Double>(logits)]) {
            ctcLoss($0[0], labels: labels, labelLengths: [length]).sum()
        }
        #expect(value.item().isFinite)
        #expect(value.item() > 0)
        #expect(abs(Double(value.item()) / exact.value.item() - 1) < 1e-5)
        #expect(gradients[0].scalars.allSatisfy { abs($0) <= 1.01 })
        #expect(disagreement(of: gradients[0], with: Tensor(exact.gradients[0]), tolerance: 0.02) == nil)
    }

    /// A class with a logit of −∞ has zero probability and no other effect.
    @Test func acceptsImpossibleClasses() {
        var logits = Tensor<Double>.sample([1, 4, 3])
        for t in 0..<4 { logits[0, t, 2] = -.infinity }
        let sample = Sample(labels: [1], steps: 4, classes: 3, blank: 0)
        let (value, gradients) = valueAndGradient(at: [logits]) { Self.loss($0[0], sample).sum() }
        let without = valueAndGradient(at: [logits.sliced(0..<2, axis: 2)]) { Self.loss($0[0], sample).sum() }
        #expect(abs(value.item() - without.value.item()) < 1e-12)
        #expect(
            disagreement(of: gradients[0].sliced(0..<2, axis: 2), with: without.gradients[0], tolerance: 1e-12) == nil)
        #expect(gradients[0].sliced(2..<3, axis: 2) == .zeros([1, 4, 1]))
    }

    /// Every path has a class with a logit of −∞.
    @Test(arguments: [1, 3, 20]) func impossibleLabelsHaveAnInfiniteLoss(steps: Int) {
        var logits = Tensor<Double>.sample([1, steps, 3])
        for t in 0..<steps { logits[0, t, 1] = -.infinity }
        let sample = Sample(labels: [1], steps: steps, classes: 3, blank: 0)
        let (value, gradients) = valueAndGradient(at: [logits]) { Self.loss($0[0], sample).sum() }
        #expect(value.item() == .infinity)
        #expect(gradients[0] == .zeros(logits.shape))
        let single = ctcLoss(Tensor<Float>(logits), labels: [[1]], labelLengths: [1])
        #expect(single == [.infinity])
    }

    @Test func logitsThatAreNoNumbersHaveALossThatIsNone() {
        var logits = Tensor<Double>.sample([1, 3, 3])
        for t in 0..<3 { logits[0, t, 1] = -.infinity }
        logits[0, 2, 2] = .nan
        let sample = Sample(labels: [1], steps: 3, classes: 3, blank: 0)
        #expect(Self.loss(logits, sample).item().isNaN)
    }

    /// One step at which neither the blank nor any label is possible.
    @Test func impossibleStepsHaveAnInfiniteLoss() {
        var logits = Tensor<Double>.sample([1, 4, 4])
        for c in 0..<3 { logits[0, 2, c] = -.infinity }
        let sample = Sample(labels: [1, 2], steps: 4, classes: 4, blank: 0)
        let (value, gradients) = valueAndGradient(at: [logits]) { Self.loss($0[0], sample).sum() }
        #expect(value.item() == .infinity)
        #expect(gradients[0] == .zeros(logits.shape))
    }
}
