import DuctusModels
import DuctusTestSupport
import Testing

@Suite struct ConfusionMatrixTests {
    private let matrix = ConfusionMatrix(
        [(0, 0), (0, 1), (0, 1), (0, 2), (2, 2), (2, 0)].map { (truth: $0, answer: $1) }, classNames: ["A", "b", "a"])

    @Test func countsAnswersByClass() {
        #expect(matrix.counts == [[1, 2, 1], [0, 0, 0], [1, 0, 1]])
        #expect(matrix[0, 1] == 2)
        #expect(matrix.count(of: 0) == 4)
        #expect(matrix.share(of: 2, takenFor: 0) == 0.5)
    }

    @Test func accuracyIsTheShareOfCorrectAnswers() {
        #expect(matrix.accuracy == 2.0 / 6)
        #expect(matrix.accuracy(of: 0) == 0.25)
        #expect(matrix.accuracy(of: 1) == 0)
        #expect(ConfusionMatrix([], classNames: ["A"]).accuracy == 0)
    }

    @Test func mistakesAreRankedByFrequency() {
        #expect(matrix.mistakes.map { [$0.truth, $0.answer, $0.count] } == [[0, 1, 2], [0, 2, 1], [2, 0, 1]])
    }

    @Test func classesWithTheSameNameAreMerged() {
        let merged = matrix.merged { $0.lowercased() }
        #expect(merged.classNames == ["a", "b"])
        #expect(merged.counts == [[4, 2], [0, 0]])
        #expect(matrix.merged { $0 } == matrix)
    }

    /// Whatever the order of the batches.
    @Test func countsTheAnswersOfANetwork() throws {
        let data = TinyTraining.data()
        let network = TinyTraining.model().network
        let loader = BatchLoader(data, batchSize: 4, shuffles: true, seed: 3)
        let matrix = try ConfusionMatrix(of: network, on: loader, classNames: ["x", "y", "z"])
        let right = data.examples.count {
            network($0.input.expandingShape(at: 0)).argmax().scalars == $0.labels.scalars
        }
        #expect(abs(matrix.accuracy - Double(right) / 11) < 1e-12)
        #expect((0..<3).map(matrix.count) == [4, 4, 3])
    }

    /// As in training and evaluation.
    @Test func networksAreToldTheWidths() throws {
        struct Wide: Network {
            func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { .zeros([x.shape[0], 2]) }
            func callAsFunction(_ x: Tensor<Float>, widths: [Int]) -> Tensor<Float> {
                Tensor(widths.flatMap { width -> [Float] in width > 4 ? [0, 1] : [1, 0] }, shape: [widths.count, 2])
            }
        }
        let data = ExampleCache(
            examples: [3, 6, 7].map { Example(input: .zeros([2, $0, 1]), labels: Tensor($0 > 4 ? Int32(1) : 0)) },
            names: ["a", "b", "c"], expectation: Expectation(shape: [2, nil, 1], classes: 2))
        let matrix = try ConfusionMatrix(
            of: Wide(), on: BatchLoader(data, batchSize: 3, shuffles: false), classNames: ["narrow", "wide"])
        #expect(matrix.counts == [[1, 0], [0, 2]])
    }

    @Test func errorsOfMakersAreThrown() {
        let loader = BatchLoader(widths: [6], batchSize: 1, shuffles: false) {
            "image \($0)"
        } example: { _, _ in
            throw Interruption()
        }
        #expect(throws: Interruption.self) {
            try ConfusionMatrix(of: TinyTraining.model().network, on: loader, classNames: ["x", "y", "z"])
        }
    }
}
