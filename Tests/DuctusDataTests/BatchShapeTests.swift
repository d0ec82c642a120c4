import DuctusData
import DuctusTestSupport
import Testing

/// Samples of all shapes, and samples that do not fit together.
@Suite struct BatchShapeTests {
    private func loader(
        _ inputs: [Tensor<Float>], labels: [Tensor<Int32>]? = nil, batchSize: Int = 2, sortsByWidth: Bool = false,
        dropsIncomplete: Bool = false
    ) -> BatchLoader {
        let labels = labels ?? inputs.indices.map { Tensor(Int32($0)) }
        let data = ExampleCache(
            examples: zip(inputs, labels).map { Example(input: $0, labels: $1) },
            names: inputs.indices.map { "sample \($0)" }, expectation: Expectation(shape: [nil], classes: 9))
        return BatchLoader(
            data, batchSize: batchSize, shuffles: false, sortsByWidth: sortsByWidth, dropsIncomplete: dropsIncomplete)
    }

    private func problem(_ loader: BatchLoader) -> ExpectationError? {
        #expect(throws: ExpectationError.self) { try loader.load([0, 1], epoch: 0) }
    }

    @Test(arguments: [[3, 5, 1], [4, 5, 2], [4, 1], [4]] as [Shape]) func otherShapesAreNamed(shape: Shape) {
        for shapes in [[[4, 5, 1], shape], [shape, [4, 5, 1]]] {
            let error = problem(loader(shapes.map { .zeros($0) }))
            #expect(error?.sample == "sample 1")
            #expect(error?.problem.hasPrefix("has shape \(shapes[1]), but sample 0") == true)
        }
    }

    static let undistortable: [Example] = [
        Example(input: .zeros([4, 5, 3]), labels: Tensor(1)), Example(input: .zeros([4, 5]), labels: Tensor(1)),
        Example(input: .zeros([4, 0, 1]), labels: Tensor(1)),
        Example(input: .zeros([4, 5, 1]), labels: .zeros([2, 3])),
    ]

    @Test(arguments: undistortable) func whatCannotBeDistortedIsNamed(example: Example) {
        let loader = Distortions.loader([Distortions.line, example], Augmentation(shear: 0.1))
        let error = #expect(throws: ExpectationError.self) { try loader.load([1], epoch: 0) }
        #expect(error?.sample == "line 1")
        #expect(error?.problem.contains("distorted") == true)
    }

    static let unjoinable: [(Example, String)] = [
        (Example(input: .zeros([20, 9, 1]), labels: .zeros([1])), "which it is joined to, has [24, 10, 1]"),
        (Example(input: .zeros([24, 9]), labels: .zeros([1])), "only images of lines"),
        (Example(input: .zeros([24, 9, 1]), labels: Tensor(1)), "only images of lines"),
        (Example(input: .zeros([24, 9, 1]), targets: .zeros([1])), "only images of lines"),
    ]

    @Test(arguments: unjoinable) func whatCannotBeJoinedIsNamed(example: Example, problem: String) {
        // The third is too wide to be joined to another one.
        let lines = [(24, 10), (24, 40)].map { height, width in
            Example(input: .zeros([height, width, 1]), labels: .zeros([1]))
        }
        let loader = Distortions.loader([lines[0], example, lines[1]], Augmentation(joining: 1), space: 9)
        let error = #expect(throws: ExpectationError.self) {
            for epoch in 0..<20 { _ = try loader.load([0], epoch: epoch) }
        }
        #expect(error?.sample == "line 1")
        #expect(error?.problem.contains(problem) == true)
    }

    @Test func otherLabelsAreNamed() {
        let inputs = [Tensor<Float>](repeating: .zeros([2, 2, 1]), count: 2)
        let error = problem(loader(inputs, labels: [Tensor(1), [1, 2]]))
        #expect(error?.problem.contains("has labels of shape [2]") == true)
    }

    @Test func featuresAndSequencesAreBatched() throws {
        let rows = try loader([[1, 2], [3, 4]]).load([0, 1], epoch: 0)
        #expect(rows.input == [[1, 2], [3, 4]])
        #expect(rows.widths == [1, 1])
        let sequences = try loader([[[1, 2]], [[3, 4], [5, 6]]]).load([0, 1], epoch: 0)
        #expect(sequences.input == [[[1, 2], [0, 0]], [[3, 4], [5, 6]]])
        #expect(sequences.widths == [1, 2])
    }

    @Test func samplesKeepTheirOrder() {
        let inputs = [5, 2, 9, 1, 3].map { Tensor<Float>.zeros([2, $0, 1]) }
        #expect(loader(inputs).plan(epoch: 0) == [[0, 1], [2, 3], [4]])
        #expect(loader(inputs, sortsByWidth: true).plan(epoch: 0) == [[3, 1], [4, 0], [2]])
    }

    @Test func incompleteBatchesCanBeDropped() {
        let inputs = [Tensor<Float>](repeating: .zeros([2]), count: 5)
        let loader = loader(inputs, dropsIncomplete: true)
        #expect(loader.batchesPerEpoch == 2)
        #expect(loader.plan(epoch: 0) == [[0, 1], [2, 3]])
        #expect(Array(loader.batches(epoch: 0)).count == 2)
    }
}
