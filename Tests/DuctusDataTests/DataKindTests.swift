import DuctusData
import DuctusTestSupport
import Testing

/// A kind of data of the tests' own.
private struct RuledLines: LineDataKind {
    static let name = "ruled-lines"
    var count = 3
    var problem: String? { problem("count", count, in: 1...9) }

    struct Source: LineSource {
        let count: Int
        let place: String
        func name(of index: Int) -> String { "\(place) \(index)" }
        func line(_ index: Int) -> (image: Image, text: String) {
            (Image(width: 28 * (index + 1), height: 28, filledWith: 255), "line")
        }
    }

    func lines(in directory: String, split: String) -> (lines: any LineSource, missingImages: Int) {
        (Source(count: count, place: "\(directory) \(split)"), 7)
    }
}

@Suite struct DataKindTests {
    private static let registration: Void = Registries.dataKinds.register(RuledLines.self)

    init() { Self.registration }

    private func lines(_ kind: Choice) throws -> LineDataset {
        try LineDataset(kind: kind, directory: "data/ruled", split: "dev")
    }

    @Test func aRegisteredKindIsFoundByName() throws {
        let data = try lines("ruled-lines")
        #expect(data.count == 3)
        #expect(data.missingImages == 7)
        #expect(data.name(of: 2) == "data/ruled dev 2")
        #expect(try data.raw(1).text == "line")
        #expect(try data.transformed(1).labels.count == 4)
    }

    @Test func aKindHasSettings() throws {
        var kind = RuledLines()
        kind.count = 5
        #expect(try lines(Choice(kind)).count == 5)
        kind.count = 0
        let error = #expect(throws: ConfigurationError.self) { try lines(Choice(kind)) }
        #expect(error?.description == "data: key \"data.kind.count\" is 0; it must be 1 to 9.")
    }

    @Test(arguments: [
        ("mnist", "the kind of data \"mnist\" has no lines"), ("odd", "there is no kind of data \"odd\""),
        ("altos", "there is no kind of data \"altos\" (did you mean \"alto\"?)"),
    ])
    func kindsWithoutLinesAreAnsweredWithThoseThatHaveSome(name: String, problem: String) {
        let error = #expect(throws: ConfigurationError.self) { try lines(Choice(name)) }
        #expect(
            error?.description == "data: \(problem); choose one of iam, lines, emnist-lines, alto, page, ruled-lines.")
    }

    @Test func kindsWithoutPagesAreAnsweredWithThoseThatHaveSome() {
        let error = #expect(throws: ConfigurationError.self) {
            try DetectionDataset(kind: "ruled-lines", directory: "", split: "")
        }
        #expect(
            error?.description == "data: the kind of data \"ruled-lines\" has no pages; choose one of iam, alto, page.")
    }

    @Test func kindsWithoutCharactersAreAnsweredWithThoseThatHaveSome() {
        let error = #expect(throws: ConfigurationError.self) {
            try CharacterDataset(kind: "iam", directory: "", split: "")
        }
        // Other tests register more.
        #expect(
            error?.description.hasPrefix(
                "data: the kind of data \"iam\" has no characters; choose one of mnist, emnist") == true)
    }
}
