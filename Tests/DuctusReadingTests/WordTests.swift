import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

@Suite struct WordTests {
    private static let characters = Alphabet("ab ")

    /// A reader, and an output in which some steps have a character and all others the blank.
    private static func output(_ steps: [Int: Float], of labels: [Int: Int]) -> Tensor<Float> {
        Tensor(
            (0..<25).flatMap { step in (0..<4).map { $0 == labels[step] ?? 0 ? steps[step] ?? 9 : 0 } },
            shape: [1, 25, 4])
    }

    private static func reader() -> LineReader {
        LineReader(network: CRNN(.init(classes: 4, filters: [1, 1, 1, 1, 1], hidden: 1)), characters: characters)
    }

    private static let labels = [5: 1, 7: 2, 12: 3, 17: 1]

    /// An input of 124 columns is 100 of the image between margins of 12, and has 25 steps of four columns.
    @Test(arguments: [Decoding.bestPath, .beam(width: 8)]) func wordsHaveSpans(decoding: Decoding) {
        var reader = Self.reader()
        reader.decoding = decoding
        let line = reader.decode(Self.output([:], of: Self.labels), widths: [124])[0]
        #expect(line.text == "ab a")
        #expect(line.words.map(\.text) == ["ab", "a"])
        // Between b (steps 7 to 8) and the space (12 to 13) is step 10; before a lies as much as behind it.
        #expect(line.words.map(\.span) == [0.18...0.4, 0.6...0.8])
        #expect(line.words.allSatisfy { $0.confidence > 0.9 })
    }

    @Test(arguments: [
        (0.18...0.4, Box(x: 118, y: 7, width: 22, height: 30)), (0...1, Box(x: 100, y: 7, width: 100, height: 30)),
        (0.805...0.999, Box(x: 180, y: 7, width: 20, height: 30)), (1...1, Box(x: 200, y: 7, width: 0, height: 30)),
    ])
    func wordsHaveBoxes(span: ClosedRange<Double>, box: Box) {
        let word = LineReader.Word(text: "ab", confidence: 1, span: span)
        #expect(word.box(in: Box(x: 100, y: 7, width: 100, height: 30)) == box)
    }

    @Test func doubtfulWordsHaveASmallerConfidence() {
        let words = Self.reader().decode(Self.output([7: 1.5], of: Self.labels), widths: [124])[0].words
        #expect(words[0].confidence < words[1].confidence)
        #expect(words[0].confidence < 0.6)
    }

    @Test func blanksHaveNoWords() {
        #expect(Self.reader().decode(Self.output([:], of: [:]), widths: [124])[0].words.isEmpty)
        let spaces = Self.reader().decode(Self.output([:], of: [3: 3, 9: 3]), widths: [124])[0]
        #expect(spaces.text == "")
        #expect(spaces.words.isEmpty)
    }

    /// Spans are parts of the image, even if the network sees characters in the margins.
    @Test func spansStayWithinTheImage() {
        let words = Self.reader().decode(Self.output([:], of: [0: 1, 24: 2]), widths: [124])[0].words
        #expect(words.map(\.span) == [0...1])
    }

    @Test func languagesAreChosenByName() throws {
        let folder = try TemporaryFolder()
        var trainer = LanguageModelTrainer(language: "xx")
        (trainer.order, trainer.minimumCount) = (3, 1)
        trainer.add("ab a", named: "text")
        try trainer.write(to: folder.file("x.lm"))
        var pages = PageReader(detector: LineDetector(network: TinyModels.detector()), reader: Self.reader())
        try pages.use(language: folder.file("x.lm"))
        #expect(pages.languageModels.map(\.language) == ["xx"])
        #expect(pages.reader.languageModels.map(\.language) == ["xx"])
        #expect(pages.decoding == .beam(width: Decoding.languageBeamWidth))
        try pages.use(language: "xx")
        #expect(pages.languageModels.map(\.language) == ["xx"])
        let error = #expect(throws: LanguageError.self) { try pages.use(language: "tlh") }
        #expect(error?.name == "tlh")
        #expect(pages.languageModels.map(\.language) == ["xx"])
        try pages.use(language: "none")
        #expect(pages.languageModels.isEmpty)
        #expect(pages.decoding == .bestPath)
    }

    @Test func languageModelsDecide() throws {
        var trainer = LanguageModelTrainer(language: "xx")
        (trainer.order, trainer.minimumCount) = (3, 1)
        trainer.add(String(repeating: "ab a ", count: 50), named: "text")
        let model = try LanguageModel(SharedBytes(trainer.encoded(for: "x")), path: "x")
        var reader = Self.reader()
        reader.decoding = .beam(width: 8)
        // Step 7 is an a rather than a b.
        var scalars = Self.output([:], of: Self.labels).scalars
        (scalars[7 * 4 + 1], scalars[7 * 4 + 2]) = (9, 8)
        let output = Tensor(scalars, shape: [1, 25, 4])
        #expect(reader.decode(output, widths: [124])[0].text == "aa a")
        reader.languageModels = [model]
        let line = reader.decode(output, widths: [124])[0]
        #expect(line.text == "ab a")
        #expect(line.words.map(\.span) == [0.18...0.4, 0.6...0.8])
        #expect(line.words.allSatisfy { 0...1 ~= $0.confidence })
    }
}
