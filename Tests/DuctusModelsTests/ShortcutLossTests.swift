import DuctusModels
import DuctusTestSupport
import Testing

/// A second head's logits follow those of the first along the batch axis.
@Suite struct ShortcutLossTests {
    private let first = Tensor<Float>.sample([2, 6, 4], seed: 1)
    private let second = Tensor<Float>.sample([2, 6, 4], seed: 2)
    private let batch: Batch = {
        let examples = [([1, 2], 24), ([3], 17)].map { labels, width in
            Example(input: .zeros([4, width, 1]), labels: Tensor(labels.map { Int32($0) }))
        }
        let data = ExampleCache(
            examples: examples, names: ["a", "b"], expectation: Expectation(shape: [nil, nil, 1], classes: 4))
        return BatchLoader(data, batchSize: 2, shuffles: false).batches(epoch: 0).first { _ in true }!
    }()

    private func loss(_ logits: Tensor<Float>, shortcut: Double) -> Float {
        Loss.ctc(blank: 0, steps: { $0 / 4 }, shortcut: shortcut).function(logits, batch).item()
    }

    @Test(arguments: [0, 0.1, 1]) func addsTheWeightedLossOfTheSecondHead(shortcut: Double) {
        let both = loss(.concatenated([first, second], axis: 0), shortcut: shortcut)
        let expected = loss(first, shortcut: shortcut) + Float(shortcut) * loss(second, shortcut: shortcut)
        #expect(abs(both - expected) < 1e-5)
    }

    @Test func oneHeadHasNoShortcut() { #expect(loss(first, shortcut: 0.1) == loss(first, shortcut: 1)) }

    @Test func gradientsReachBothHeads() {
        let logits = Tensor<Float>.concatenated([first, second], axis: 0)
        let derivative = DirectionalDerivative(at: logits) {
            Loss.ctc(blank: 0, steps: { $0 / 4 }, shortcut: 0.3).function($0, batch)
        }
        #expect(derivative.agrees(), "\(derivative)")
        let gradient = valueAndGradient(at: [logits]) {
            Loss.ctc(blank: 0, shortcut: 0.3).function($0[0], batch)
        }.gradients[0]
        #expect(gradient.sliced(0..<2, axis: 0).sumOfSquares > 0)
        #expect(gradient.sliced(2..<4, axis: 0).sumOfSquares > 0)
    }

    @Test func filesChooseTheWeight() throws {
        let loss = try Registries.losses.component(
            Choice("ctc", settings: ["shortcut": .number("0.25")]), file: "test", key: "loss",
            as: CTCLoss.self)
        #expect(loss.shortcut == 0.25)
        let error = #expect(throws: ConfigurationError.self) {
            try Registries.losses.component(
                Choice("ctc", settings: ["shortcut": .number("2")]), file: "test", key: "loss", as: CTCLoss.self)
        }
        #expect(error?.description == "test: key \"loss.shortcut\" is 2.0; it must be 0.0 to 1.0.")
    }
}
