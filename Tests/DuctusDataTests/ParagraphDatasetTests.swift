import DuctusData
import DuctusTestSupport
import Testing

@Suite struct ParagraphDatasetTests {
    let folder: TemporaryFolder

    /// Two forms of 200 × 120 pixels with two lines each, and one whose image is missing. Each line is gray of its own.
    init() throws {
        folder = try TemporaryFolder()
        try folder.write("a-0 1\na-1 1\na-2 1\n", to: "ascii/forms.txt")
        var lines = ""
        for form in 0..<3 {
            var page = Image(width: 200, height: 120, filledWith: 255)
            for line in 0..<2 {
                let box = Box(x: 20 + 10 * line, y: 10 + 50 * line, width: 100, height: 40)
                lines += "a-\(form)-0\(line) ok 1 1 \(box.x) \(box.y) \(box.width) \(box.height) is|\(form)\(line)\n"
                for row in box.y..<box.maxY {
                    for column in box.x..<box.maxX { page[column, row] = UInt8(10 * (2 * form + line + 1)) }
                }
            }
            if form < 2 { try folder.write(page.pngData(), to: "forms/a-\(form).png") }
        }
        try folder.write(lines, to: "ascii/lines.txt")
        try folder.write("a-1\na-0\na-2\n", to: "splits/train.txt")
    }

    private func data(synthetic: Int = 0, seed: UInt64 = 1) throws -> ParagraphDataset {
        try ParagraphDataset(
            kind: "iam", directory: folder.path, split: "train", synthesis: .init(count: synthetic), seed: seed)
    }

    @Test func formsAreHalvedAndCentered() throws {
        let data = try data()
        #expect(data.count == 2)
        #expect(data.missingImages == 1)
        #expect(data.name(of: 0) == "a-1")
        let (image, text) = try data.raw(0)
        // The lines' common box is 110 × 90.
        #expect(text == "is 10\nis 11")
        #expect(image.width == 55)
        #expect(image.height == 45)
        let example = try data.transformed(0)
        #expect(example.input.shape == [576, 640, 1])
        #expect(data.characters.decode(example.labels.scalars) == text)
        let (top, left) = ((576 - 45) / 2, (640 - 55) / 2)
        let input = example.input.scalars
        func ink(_ x: Int, _ y: Int) -> Int { Int((input[(top + y) * 640 + left + x] * 255).rounded()) }
        #expect(ink(0, 0) == 225)
        #expect(ink(49, 19) == 225)
        #expect(ink(5, 25) == 215)
        #expect(ink(54, 44) == 215)
        #expect(ink(50, 0) == 0)
        #expect(ink(-1, 0) == 0)
        #expect(ink(0, 44) == 0)
        #expect(ink(55, 44) == 0)
        #expect(ink(20, 22) == 0)
    }

    @Test func largeParagraphsAreReduced() throws {
        let large = Image(width: 1280, height: 100, filledWith: 0)
        let example = try data().transform((large, "a"), name: "")
        #expect(example.input.shape == [576, 640, 1])
        #expect(example.input.scalars.count { $0 == 1 } == 640 * 50)
        let tall = try data().transform((Image(width: 3, height: 5_000, filledWith: 0), "a"), name: "")
        #expect(tall.input.scalars.count { $0 == 1 } == 576)
    }

    @Test func syntheticParagraphsStackLines() throws {
        let data = try data(synthetic: 40)
        #expect(data.count == 42)
        #expect(data.name(of: 2) == "paragraph 0")
        var counts: Set<Int> = []
        for index in 2..<42 {
            let (image, text) = try data.raw(index)
            let lines = text.split(separator: "\n")
            counts.insert(lines.count)
            #expect((1...15).contains(lines.count))
            #expect(image.width == 50)
            #expect(image.height == 20 * lines.count)
            for (place, line) in lines.enumerated() {
                let number = try #require(Int(line.dropFirst(3)))
                #expect(Int(image[25, 20 * place + 10]) == 10 * (2 * (number / 10) + number % 10 + 1))
            }
            #expect(try data.transformed(index).labels.count == text.count)
        }
        #expect(counts.count > 5)
    }

    @Test func syntheticParagraphsFitTheirCanvasAndFollowFromTheSeed() throws {
        let long = String(repeating: "w", count: 200)
        var text = ""
        for form in 0..<3 { text += "a-\(form)-00\t\(long)\na-\(form)-01\t\(long)\n" }
        let short = try data(synthetic: 20)
        try folder.write(text, to: "transcriptions.tsv")
        let data = try data(synthetic: 20)
        for index in 2..<22 { #expect(try data.raw(index).text.count <= 680) }
        let again = try self.data(synthetic: 20)
        let other = try self.data(synthetic: 20, seed: 2)
        func images(_ data: ParagraphDataset) throws -> [Image] { try (2..<22).map { try data.raw($0).image } }
        #expect(try images(data) == images(again))
        #expect(try images(data) != images(other))
        #expect(try images(data) != images(short))
    }

    /// Epochs have paragraphs of their own, pages are always the same; without the pages, only the synthetic ones are
    /// left.
    @Test func syntheticParagraphsAreNewInEveryEpoch() throws {
        var synthesis = ParagraphSynthesis(count: 5)
        (synthesis.minimumLines, synthesis.maximumLines) = (2, 3)
        func data() throws -> ParagraphDataset {
            try ParagraphDataset(
                kind: "iam", directory: folder.path, split: "train", input: .init(height: 64, width: 60, scale: 0.5),
                synthesis: synthesis)
        }
        let whole = try data()
        let loader = try BatchLoader(whole, batchSize: 3, shuffles: true, seed: 1)
        #expect(loader.count == 7)
        #expect(loader.batchesPerEpoch == 3)
        let all = Array(0..<7)
        let (first, second) = (loader.batch(all, epoch: 0), loader.batch(all, epoch: 1))
        #expect(first.input.shape == [7, 64, 60, 1])
        #expect(first.names == ["a-1", "a-0"] + (0..<5).map { "paragraph \($0)" })
        #expect(loader.batch(all, epoch: 1).input == second.input)
        #expect(first.input.sliced(0..<2, axis: 0) == second.input.sliced(0..<2, axis: 0))
        let made = try #require(whole.synthetic)
        for (epoch, batch) in [first, second].enumerated() {
            for index in 0..<5 {
                let (image, text) = made.paragraph(5 * epoch + index)
                let lines = text.split(separator: "\n").count
                #expect(2...3 ~= lines)
                #expect(image.height == 20 * lines)
                #expect(batch.input.row(2 + index) == whole.input.canvas(image))
                #expect(batch.labelLengths[2 + index] == text.count)
            }
        }
        synthesis.includesPages = false
        #expect(try data().count == 5)
        #expect(try data().pages.isEmpty)
        #expect(
            try BatchLoader(data(), batchSize: 5, shuffles: false).batch([0], epoch: 0).input.row(0)
                == first.input.row(2))
    }

    @Test func linesThatCannotBeSpelledAreRefused() throws {
        let data = try ParagraphDataset(
            kind: "iam", directory: folder.path, split: "train", characters: Alphabet("is 0123456789"),
            synthesis: .init(count: 3))
        #expect(throws: AlphabetError.self) { try BatchLoader(data, batchSize: 1, shuffles: false) }
    }

    @Test func otherKindsAndSplitsAreRefused() {
        let kind = #expect(throws: ConfigurationError.self) {
            try ParagraphDataset(kind: "odd", directory: folder.path, split: "train")
        }
        #expect(kind?.description.contains("iam, alto, page") == true)
        #expect(throws: DatasetError.self) {
            try ParagraphDataset(kind: "iam", directory: folder.path, split: "test")
        }
    }

    @Test(.enabled(if: sharedData != nil, "DUCTUS_DATA is not set"))
    func publishedFormsAreRead() throws {
        let data = try ParagraphDataset(
            kind: "iam", directory: #require(sharedData) + "/iam", split: "validation")
        #expect(data.count == 77)
        let (image, text) = try data.raw(0)
        #expect(image.width <= 500)
        #expect(text.split(separator: "\n").count > 3)
        #expect(try data.transformed(0).labels.count == text.count)
    }
}
