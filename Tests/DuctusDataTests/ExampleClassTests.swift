import DuctusData
import DuctusTestSupport
import Testing

@Suite struct ExampleClassTests {
    /// Three of class a, one of class c.
    private let data = ExampleCache(
        examples: zip([[0, 0], [1, 0.5], [0.2, 0.25], [1, 1]] as [[Float]], [0, 0, 0, 2] as [Int32]).map {
            Example(input: Tensor($0, shape: [1, 2, 1]), labels: Tensor($1))
        }, names: ["w", "x", "y", "z"], expectation: Expectation(shape: [1, 2, 1], classes: 3))

    @Test func classesAreSummarized() {
        let classes = data.classes(named: ["a", "b", "c"])
        #expect(classes.map(\.name) == ["a", "b", "c"])
        #expect(classes.map(\.count) == [3, 0, 1])
        #expect(classes[0].mean.isClose(to: Tensor([0.4, 0.25], shape: [1, 2, 1])).all().item())
        // Variances (0.16 + 0.36 + 0.04) / 3 and (0.0625 + 0.0625) / 3.
        let deviation = Tensor<Float>([0.432049, 0.204124], shape: [1, 2, 1])
        #expect(classes[0].deviation.isClose(to: deviation).all().item())
        #expect(abs(classes[0].spread - ((0.56 + 0.125) / 6).squareRoot()) < 1e-6)
        #expect(classes[0].members == [2, 0, 1])
        #expect(classes[0].typical(2) == [2, 0])
        #expect(classes[0].atypical(2) == [1, 0])
        #expect(classes[1].mean == .zeros([1, 2, 1]))
        #expect(classes[1].spread == 0)
        #expect(classes[1].typical(3) == [])
        #expect(classes[2].mean == data.examples[3].input)
        #expect(classes[2].atypical(5) == [3])
    }

    @Test func labelsAreCounted() {
        #expect(data.labelCounts == [3, 0, 1])
        let texts = ExampleCache(
            examples: [[1, 2, 1], []].map { Example(input: .zeros([1, 1, 1]), labels: Tensor($0 as [Int32])) },
            names: ["p", "q"], expectation: Expectation(shape: [1, 1, 1], classes: 4))
        #expect(texts.labelCounts == [0, 2, 1, 0])
    }

    @Test func sheetsShowTheClasses() {
        let sheet = Image.sheet(of: data.classes(named: ["a", "b", "c"]), in: data, examples: 2, columns: 2)
        // Six pictures of 2 × 1 in a class, 2 apart, and two classes side by side, 4 apart.
        let (width, height) = (6 * 2 + 7 * 2, 1 + 2 * 2)
        #expect(sheet.width == 2 * width + 3 * 4)
        #expect(sheet.height == 2 * height + 3 * 4)
        #expect(sheet[6, 6, 0] == UInt8(255 * (1 - Float(0.4))))
    }
}
