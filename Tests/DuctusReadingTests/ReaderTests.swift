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
    func imagesOfEveryProportion(width: Int, height: Int) {
        let outputs = reader.predict([Image(width: width, height: height, filledWith: 200), TinyLines.image("ab")])
        #expect(outputs.map(\.text) == ["a", "a"])
        #expect(outputs.allSatisfy { $0.confidence > 0.9 && $0.confidence <= 1 })
        let page = pages.readLine(Image(width: width, height: height, channels: 3, filledWith: 9), name: "x")
        #expect(page.lines.map(\.box) == [Box(x: 0, y: 0, width: width, height: height)])
    }

    /// Letters at regular distances are read one by one, the same ones in a row too.
    @Test(arguments: ["a", "bb", "aab", "abba", "baab"]) func positionsAreRead(text: String) {
        var input = LineInput()
        (input.margin, input.spreadsContrast, input.minimumAspect) = (0, false, 2)
        let network = LineCNN(
            .init(classes: 4, characters: 4, columns: 56, window: 14, stride: 14, filters: [1, 1], width: 2))
        // How dark the upper and the lower half of a window are: an a is above, a b below.
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

    @Test(arguments: [(56, 28), (300, 28), (952, 28), (6, 3)]) func inputsOfOneWidth(width: Int, height: Int) {
        let line = LineInput.fsdl.tensor(Image(width: width, height: height, filledWith: 102))
        let columns = min(width * 28 / height, 952)
        #expect(line.shape == [28, 952, 1])
        #expect(line.sliced(0..<columns, axis: 1) == Tensor(0.6).broadcast(to: [28, columns, 1]))
        #expect(line.sliced(columns..<952, axis: 1) == .zeros([28, 952 - columns, 1]))
    }

    /// Lines that are too long get lower, not narrower letters: what is below them is paper.
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

    /// A beam search may be asked for of every network; those with a step for every character have nothing to search.
    @Test func decodings() {
        var reader = self.reader
        reader.decoding = .beam(width: 5)
        #expect(reader.predict(TinyLines.image("ab")).text == "a" && reader.effectiveDecoding == .beam(width: 5))
        let positions = LineCNN(.init(classes: 4, characters: 2, columns: 56, filters: [1, 1], width: 2))
        var names = LineReader(network: positions, characters: TinyModels.characters)
        let before = names.predict(TinyLines.image("ab"))
        names.decoding = .beam(width: 5)
        #expect(names.predict(TinyLines.image("ab")) == before && names.effectiveDecoding == .bestPath)
        var page = pages
        page.decoding = .beam(width: 2)
        #expect(page.reader.decoding == .beam(width: 2) && page.read(TinyLines.page().image).text == "a\na\na")
    }

    @Test func nothingToRead() { #expect(reader.predict([]).isEmpty) }

    /// The outputs come in the order of the images, though lines of similar width are read together.
    @Test func readsInOrder() {
        let network = Initialization.seeded(1) { CRNN(.init(classes: 4, filters: [2, 2, 3, 3, 3], hidden: 4)) }
        let reader = LineReader(network: network, characters: TinyModels.characters, input: LineInput())
        let words = ["abc", "b", "cabba", "ac", "bacb", "cc"]
        let images = (0..<20).map { TinyLines.image(String(repeating: words[$0 % 6], count: 1 + $0 * 7 % 20) + "a") }
        var widths: Set<Int> = []
        let different = images.filter { widths.insert($0.width).inserted }
        let outputs = reader.predict(different)
        #expect(reader.predict(different.reversed()) == outputs.reversed())
        #expect(Set(outputs.map(\.confidence)).count == different.count && different.count > 16)
        // Lines of one width do not touch each other.
        let equal = ["abcab", "bbbbb", "caaac"].map(TinyLines.image)
        for (together, alone) in zip(reader.predict(equal), equal.map { reader.predict($0) }) {
            #expect(together.text == alone.text && abs(together.confidence - alone.confidence) < 1e-5)
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

    @Test func aPageIsReadLineByLine() {
        let (image, boxes) = TinyLines.page()
        for picture in [image, image.rgb()] {
            let page = pages.read(picture)
            #expect(page.text == "a\na\na")
            for (line, box) in zip(page.lines, boxes) {
                #expect(line.box.intersectionOverUnion(box) > 0.85, "\(line.box) for \(box)")
            }
        }
    }

    /// The white square around a page is not part of it: what a network sees there has no place on the page.
    @Test(arguments: [(40, 900), (900, 40), (3, 5), (1, 1)]) func boxesLieOnThePage(width: Int, height: Int) {
        let detector = TinyModels.detector()
        // A detector that takes paper for lines.
        detector.head.bias?.stored = [0, 0, 5]
        let page = Image(width: width, height: height, filledWith: 128)
        let everywhere = PageReader(detector: LineDetector(network: detector), reader: reader)
        let lines = everywhere.read(page).lines
        #expect(!lines.isEmpty)
        #expect(
            lines.allSatisfy { line in
                let box = line.box
                return box.x >= 0 && box.y >= 0 && box.maxX <= width && box.maxY <= height && box.area > 0
            })
    }

    /// Whatever a network takes for lines, the page is read.
    @Test(arguments: 1...4) func anyDetectorWillDo(seed: UInt64) {
        let network = Initialization.seeded(seed) { FCN(.init(filters: 2, blockSize: 4, dilations: [1, 2])) }
        let random = PageReader(detector: LineDetector(network: network), reader: reader)
        for (width, height) in [(30, 500), (500, 30), (200, 200)] {
            var noise = RandomStream(seed: seed)
            let pixels = (0..<width * height).map { _ in UInt8(truncatingIfNeeded: noise.next()) }
            let page = random.read(Image(width: width, height: height, channels: 1, pixels: pixels))
            #expect(page.lines.allSatisfy { $0.box.x >= 0 && $0.box.maxX <= width && $0.box.maxY <= height })
        }
    }

    @Test func aDirectoryHoldsBothNetworks() throws {
        let folder = try TemporaryFolder()
        try TinyModels.write(to: folder.path)
        #expect(try PageReader(directory: folder.path).read(TinyLines.page().image).lines.count == 3)
        let missing = #expect(throws: FileError.self) { try PageReader(directory: folder.file("none")) }
        #expect(isOneSentence("\(missing.map { "\($0)" } ?? "")", about: folder.file("none/line-detector.safetensors")))
    }
}
