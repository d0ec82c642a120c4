import DuctusAutograd
import DuctusTestSupport
import Testing

@Suite struct CrossEntropyTests {
    /// From a few rows to enough for several tasks.
    @Test(arguments: [1, 7, 4000]) func ignoredLabelsHaveNoEffect(rows: Int) {
        let logits = Tensor<Double>.sample([2 * rows, 9])
        let labels = (0..<2 * rows).map { Int32($0.isMultiple(of: 3) ? 20 : $0 % 9) }
        let kept = labels.indices.filter { labels[$0] != 20 }
        let part = logits.gathered(at: Tensor(kept.map { Int32($0) }), axis: 0)
        let (all, gradients) = valueAndGradient(at: [logits]) {
            softmaxCrossEntropy($0[0], Tensor(labels), ignoring: 20)
        }
        let (expected, expectedGradients) = valueAndGradient(at: [part]) {
            softmaxCrossEntropy($0[0], Tensor(kept.map { labels[$0] }))
        }
        #expect(disagreement(of: all, with: expected, tolerance: 1e-12) == nil)
        for (row, label) in labels.enumerated() where label == 20 {
            #expect(gradients[0].row(row) == .zeros([9]))
        }
        let found = gradients[0].gathered(at: Tensor(kept.map { Int32($0) }), axis: 0)
        #expect(disagreement(of: found, with: expectedGradients[0], tolerance: 1e-12) == nil)
    }

    @Test func lossIsZeroIfAllLabelsAreIgnored() {
        let (value, gradients) = valueAndGradient(at: [Tensor<Float>.sample([3, 2])]) {
            softmaxCrossEntropy($0[0], [-1, -1, -1], ignoring: -1)
        }
        #expect(value.item() == 0)
        #expect(gradients[0] == .zeros([3, 2]))
    }

    /// The definition of label smoothing: the target is a distribution over the classes.
    @Test(arguments: [0, 0.1, 1]) func labelSmoothingFollowsItsDefinition(smoothing: Double) {
        let logits = Tensor<Double>.sample([5, 4])
        let labels: [Int32] = [3, 0, 1, 1, 2]
        let logs = logits.logSoftmax()
        let expected = labels.enumerated().reduce(0.0) { sum, row in
            let target = logs[row.offset, Int(row.element)]
            let all = logs.row(row.offset).scalars.reduce(0, +)
            return sum - (1 - smoothing) * target - smoothing / 4 * all
        }
        let found = softmaxCrossEntropy(logits, Tensor(labels), ignoring: nil, smoothing: smoothing).item()
        #expect(abs(found - expected / 5) < 1e-12)
    }

    @Test func invalidLabelsTrap() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = softmaxCrossEntropy(Tensor<Float>.zeros([2, 5]), [-1, -2], ignoring: -1)
        }
        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(message.contains("label -2 is not one of 5 classes"))
    }
}
