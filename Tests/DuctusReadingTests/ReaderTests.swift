import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

@Suite struct ReaderTests {
    private let reader = LineReader(
        network: TinyModels.reader(), characters: TinyModels.characters, input: LineInput())

    private var pages: PageReader {
        PageReader(detector: LineDetector(network: TinyModels.detector()), reader: reader)
    }

    @Test(arguments: [
        (1, 1), (1, 500), (27, 28), (28, 28), (5000, 28), (20_000, 3), (60_000, 1), (3, 2000), (100, 1000),
    ])
    func linesMayHaveAnyProportions(width: Int, height: Int) {
        let outputs = reader.predict([Image(width: width, height: height, filledWith: 200), TinyLines.image("ab")])
        #expect(outputs.map(\.text) == ["a", "a"])
        #expect(outputs.allSatisfy { $0.confidence > 0.9 })
        #expect(outputs.allSatisfy { $0.confidence <= 1 })
        let page = pages.readLine(Image(width: width, height: height, channels: 3, filledWith: 9), name: "x")
        #expect(page.lines.map(\.box) == [Box(x: 0, y: 0, width: width, height: height)])
    }

    /// Repeated characters are not merged.
    @Test(arguments: ["a", "bb", "aab", "abba", "baab"]) func networksWithOneCharacterPerStepAreDecoded(text: String) {
        var input = LineInput()
        (input.margin, input.spreadsContrast, input.minimumAspect) = (0, false, 2)
        let network = LineCNN(
            .init(classes: 4, characters: 4, columns: 56, window: 14, stride: 14, filters: [1, 1], width: 2))
        // The features are the darkness of the upper half (an a) and of the lower half (a b).
        for (_, parameter) in network.namedParameters { parameter.stored = .zeros(parameter.shape) }
        let middle = Tensor<Float>((0..<9).map { $0 == 4 ? 1 : 0 }, shape: [3, 3, 1, 1])
        network.features.conv1.weight.stored = middle
        network.features.conv2.weight.stored = middle
        network.features.dense.weight.stored = Tensor(
            (0..<12 * 5 * 2).map { ($0 / 10 < 6) == ($0 % 2 == 0) ? 1 : 0 }, shape: [12, 5, 1, 2])
        network.head.conv.weight.stored = Tensor([0, 1, -1, 0, 0, -1, 1, 0], shape: [1, 1, 2, 4])
        network.head.conv.bias?.stored = [4, 0, 0, 0]
        let reader = LineReader(network: network, characters: TinyModels.characters, input: input)
        #expect(reader.predict(TinyLines.image(text)).text == text)
    }

    @Test(arguments: [(56, 28), (300, 28), (952, 28), (6, 3)]) func fsdlInputsHaveAFixedWidth(width: Int, height: Int) {
        let line = LineInput.fsdl.tensor(Image(width: width, height: height, filledWith: 102))
        let columns = min(width * 28 / height, 952)
        #expect(line.shape == [28, 952, 1])
        #expect(line.sliced(0..<columns, axis: 1) == Tensor(0.6).broadcast(to: [28, columns, 1]))
        #expect(line.sliced(columns..<952, axis: 1) == .zeros([28, 952 - columns, 1]))
    }

    /// Long lines are reduced in height, too; the rows below are background.
    @Test(arguments: [(1500, 30, 19), (2000, 28, 13), (60_000, 2, 1)]) func longLinesKeepTheirProportions(
        width: Int, height: Int, rows: Int
    ) {
        let line = LineInput.fsdl.tensor(Image(width: width, height: height, filledWith: 102))
        #expect(line.shape == [28, 952, 1])
        #expect(line.sliced(0..<rows, axis: 0) == Tensor(0.6).broadcast(to: [rows, 952, 1]))
        #expect(line.sliced(rows..<28, axis: 0) == .zeros([28 - rows, 952, 1]))
        let own = LineInput().tensor(Image(width: width, height: height, filledWith: 102))
        #expect(own.shape == [28, min(28 * width / height, 28 * 60) + 24, 1])
    }

    @Test func beamSearchIsUsedForCTC() {
        var reader = self.reader
        reader.decoding = .beam(width: 5)
        #expect(reader.predict(TinyLines.image("ab")).text == "a")
        #expect(reader.effectiveDecoding == .beam(width: 5))
    }

    @Test func networksWithOneCharacterPerStepNeedNoSearch() {
        let positions = LineCNN(.init(classes: 4, characters: 2, columns: 56, filters: [1, 1], width: 2))
        var reader = LineReader(network: positions, characters: TinyModels.characters)
        let before = reader.predict(TinyLines.image("ab"))
        reader.decoding = .beam(width: 5)
        #expect(reader.predict(TinyLines.image("ab")) == before)
        #expect(reader.effectiveDecoding == .bestPath)
    }

    @Test func pageReadersUseTheDecodingForTheirLines() {
        var page = pages
        page.decoding = .beam(width: 2)
        #expect(page.reader.decoding == .beam(width: 2))
        #expect(page.read(TinyLines.page().image).text == "a\na\na")
    }

    /// However many there are, and however wide.
    @Test func linesAreReadTogetherAsAlone() {
        let lines = (1...70).map { n in
            TinyLines.image(String(repeating: n.isMultiple(of: 3) ? "abc" : "cb", count: 1 + n % 11))
        }
        let network = ResidualCRNN(
            .init(classes: 4, height: 32, filters: [2, 4, 4], blocks: [1, 1, 1], hidden: 4, recurrentLayers: 1))
        // Padding does not stay zero with these shifts and biases.
        for (number, named) in network.namedParameters.enumerated() {
            let sample = Tensor<Float>.sample(named.parameter.shape, seed: UInt64(number))
            named.parameter.stored = named.parameter.shape.rank == 1 ? sample.squared() + 0.2 : sample
        }
        var input = LineInput()
        input.height = 32
        let reader = LineReader(network: network, characters: TinyModels.characters, input: input)
        let together = reader.predict(lines)
        let alone = lines.map { reader.predict($0) }
        #expect(Set(alone.map(\.text)).count > 10)
        #expect(together.map(\.text) == alone.map(\.text))
        for (a, b) in zip(together, alone) { #expect(abs(a.confidence - b.confidence) < 1e-4) }
        #expect(together.map { $0.words.count } == alone.map { $0.words.count })
    }

    @Test func noImagesGiveNoTexts() { #expect(reader.predict([]).isEmpty) }

    @Test func outputsAreInTheOrderOfTheImages() {
        let network = Initialization.seeded(1) { CRNN(.init(classes: 4, filters: [2, 2, 3, 3, 3], hidden: 4)) }
        let reader = LineReader(network: network, characters: TinyModels.characters, input: LineInput())
        let words = ["abc", "b", "cabba", "ac", "bacb", "cc"]
        let images = (0..<20).map { TinyLines.image(String(repeating: words[$0 % 6], count: 1 + $0 * 7 % 20) + "a") }
        var widths: Set<Int> = []
        let different = images.filter { widths.insert($0.width).inserted }
        let outputs = reader.predict(different)
        #expect(reader.predict(different.reversed()) == outputs.reversed())
        #expect(Set(outputs.map(\.confidence)).count == different.count)
        #expect(different.count > 16)
        // Lines of the same width do not affect each other.
        let equal = ["abcab", "bbbbb", "caaac"].map(TinyLines.image)
        for (together, alone) in zip(reader.predict(equal), equal.map { reader.predict($0) }) {
            #expect(together.text == alone.text)
            #expect(abs(together.confidence - alone.confidence) < 1e-5)
        }
    }

    @Test(arguments: [(1, 1), (300, 200), (40, 900), (900, 40), (2000, 1)])
    func aBlankPageHasNoLines(width: Int, height: Int) {
        for channels in [1, 3] {
            let page = pages.read(
                Image(width: width, height: height, channels: channels, filledWith: 255), name: "blank")
            #expect(page == Page(image: "blank", width: width, height: height, lines: []))
        }
    }

    @Test func everyLineOfAPageIsRead() {
        let (image, boxes) = TinyLines.page()
        for picture in [image, image.rgb()] {
            let page = pages.read(picture)
            #expect(page.text == "a\na\na")
            for (line, box) in zip(page.lines, boxes) {
                #expect(line.box.intersectionOverUnion(box) > 0.85, "\(line.box) for \(box)")
            }
        }
    }

    /// Detections outside the page, in the margins of the square map, are clipped.
    @Test(arguments: [(40, 900), (900, 40), (3, 5), (1, 1)]) func boxesLieOnThePage(width: Int, height: Int) {
        let detector = TinyModels.detector()
        // The detector classifies background as lines.
        detector.head.bias?.stored = [0, 0, 5]
        let page = Image(width: width, height: height, filledWith: 128)
        let everywhere = PageReader(detector: LineDetector(network: detector), reader: reader)
        let lines = everywhere.read(page).lines
        #expect(!lines.isEmpty)
        let whole = Box(x: 0, y: 0, width: width, height: height)
        #expect(lines.allSatisfy { $0.box.intersection(whole) == $0.box })
        #expect(lines.allSatisfy { $0.box.area > 0 })
    }

    /// Random networks may detect anything.
    @Test(arguments: 1...4) func anyDetectionGivesBoxesOnThePage(seed: UInt64) {
        let network = Initialization.seeded(seed) { FCN(.init(filters: 2, blockSize: 4, dilations: [1, 2])) }
        let random = PageReader(detector: LineDetector(network: network), reader: reader)
        for (width, height) in [(30, 500), (500, 30), (200, 200)] {
            var noise = RandomStream(seed: seed)
            let pixels = (0..<width * height).map { _ in UInt8(truncatingIfNeeded: noise.next()) }
            let page = random.read(Image(width: width, height: height, channels: 1, pixels: pixels))
            let whole = Box(x: 0, y: 0, width: width, height: height)
            #expect(page.lines.allSatisfy { $0.box.intersection(whole) == $0.box })
        }
    }

    @Test func pageReadersAreReadFromADirectory() throws {
        let folder = try TemporaryFolder()
        try TinyModels.write(to: folder.path)
        #expect(try PageReader(directory: folder.path).read(TinyLines.page().image).lines.count == 3)
        let missing = try #require(throws: FileError.self) { try PageReader(directory: folder.file("none")) }
        #expect(isOneSentence("\(missing)", about: folder.file("none/baseline-detector.safetensors")))
    }
}
