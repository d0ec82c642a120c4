import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

@Suite struct PageRecognizerTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try TinyModels.write(to: folder.file("model"))
    }

    @Test(arguments: [(1, 1), (40, 900), (900, 40)]) func aBlankPageHasNoLines(width: Int, height: Int) {
        let network = ParagraphTransformer(
            .init(
                classes: 5, height: 64, filters: [1, 1, 1, 1], blocks: 1, width: 4, layers: 1, heads: 1, hidden: 2,
                maximumLength: 3))
        let reader = WholePageReader(
            network: network, characters: Alphabet("abc\n"), input: .init(height: 64, width: 64, scale: 1))
        let page = reader.read(Image(width: width, height: height, filledWith: 255), name: "blank")
        #expect(page == Page(image: "blank", width: width, height: height, lines: []))
    }

    @Test func aDirectoryWithBothNetworksIsAPageReader() throws {
        #expect(try pageRecognizer(folder.file("model")) is PageReader)
    }

    @Test func weightsOfTasksWithoutPagesAreRefused() throws {
        let (digits, network) = (folder.file("digits.safetensors"), MLP(.init(classes: 4, width: 2)))
        let model = try CharacterPredictor.model(network, characters: TinyModels.characters)
        try WeightsFile.write(network, of: model, to: digits)
        let error = try #require(throws: ArchiveError.self) { try pageRecognizer(digits) }
        #expect(isOneSentence(error.description, about: digits))
    }

    @Test func weightsOfAnotherTaskAreRefused() throws {
        let error = try #require(throws: ArchiveError.self) {
            try WholePageReader(folder.file("model/\(PageReader.readerName)"))
        }
        #expect(error.description.contains("is for the task lines; a file for paragraphs is required"))
    }

    /// A task of another package.
    private struct BlankReader: PageRecognizer {
        var decoding = Decoding.bestPath
        func read(_ page: Image, name: String, whenRead: (Page.Line) -> Void) -> Page {
            Page(image: name, width: page.width, height: page.height, lines: [])
        }
        func readLine(_ image: Image, name: String) -> Page { read(image, name: name) { _ in } }
    }

    @Test func registeredTasksHaveTheirPageRecognizer() throws {
        Registries.pageRecognizers.register(PageRecognizerMaker("blankPages") { _ in BlankReader() })
        let network = TinyModels.reader()
        try WeightsFile.write(
            network, of: ModelConfiguration(task: "blankPages", network: network), to: folder.file("blank"))
        #expect(try pageRecognizer(folder.file("blank")) is BlankReader)
    }

    /// The former name still works.
    @available(*, deprecated)
    @Test func paragraphReaderIsAPageReader() throws {
        let reader = try ParagraphReader(directory: folder.file("model"))
        #expect(reader.read(TinyLines.page().image).text == "a\na\na")
    }
}
