import DuctusData
import DuctusSynthesis
import DuctusTestSupport
import Testing

@Suite struct FontTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func font(_ bytes: [UInt8]) throws -> Font {
        let path = folder.file("font.ttf")
        try File.write(bytes, to: path)
        return try Font(contentsOf: path)
    }

    @Test func lettersAreMeasuredInXHeights() throws {
        let font = try TestFont.tally()
        #expect(font.name == "tally.ttf")
        let x = try #require(font.glyphs["x"]?.bounds)
        #expect(x.lower == [0, 0])
        #expect(x.upper.x == 0.6)
        #expect(abs(x.upper.y - 1) < 1e-6)
        #expect(abs((font.glyphs["x"]?.advance ?? 0) - 0.88) < 1e-6)
        #expect(abs((font.glyphs["h"]?.bounds?.upper.y ?? 0) - 1.4) < 1e-6)
        #expect(abs((font.glyphs["g"]?.bounds?.lower.y ?? 0) + 0.4) < 1e-6)
        // Stems are 60 units wide, bars 30.
        #expect((0.059...0.121).contains(font.strokeWidth))
        #expect((0.04...font.strokeWidth).contains(font.hairline))
        #expect(abs((font.kerning[.init(left: "A", right: "V")] ?? 0) + 0.2) < 1e-6)
        #expect(font.kerning.count == 1)
    }

    @Test func outlinesRunCounterclockwiseAroundInk() throws {
        let font = try TestFont.tally()
        for (_, glyph) in font.glyphs { #expect(glyph.contours.reduce(0) { $0 + $1.signedArea } > 0) }
        // Two ovals of quadratic curves, each covering five sixths of its bounding box.
        let ring = try #require(font.glyphs["o"]?.contours.map(\.signedArea))
        let inner = Float(0.36 * 0.76)
        try #require(ring.count == 2, "\(ring)")
        #expect(abs(ring[0] - 0.6 * 5 / 6) < 0.01, "\(ring)")
        #expect(abs(ring[1] + inner * 5 / 6) < 0.01, "\(ring)")
    }

    @Test func connectedScriptsAreDetectedByTouchingLetters() throws {
        #expect(try !TestFont.tally().isConnected)
        #expect(try TestFont.joined().isConnected)
    }

    @Test func missingCharactersAreNamed() throws {
        let font = try TestFont.tally()
        #expect(font.missingCharacters(in: "Quite a Quiz & a *\tnaïve \u{1F600}") == ["Q", "&", "*", "ï", "\u{1F600}"])
        #expect(font.missingCharacters(in: "").isEmpty)
        #expect(!font.characters.contains(" "))
        let letters = try Font(contentsOf: TestFont.path("tally"), characters: Alphabet("xyzQ"))
        #expect(letters.characters == ["x", "y", "z"])
        let path = TestFont.path("tally")
        #expect(throws: SynthesisError.missingCharacters(font: path, characters: ["x"])) {
            try Font(contentsOf: path, characters: Alphabet("abc"))
        }
    }

    @Test(arguments: ["", "x", "This is a text, which is longer than the header of a font.", "\u{89}PNG\r\n"])
    func otherFilesAreRejected(text: String) throws {
        #expect(throws: SynthesisError.notAFont(file: folder.file("font.ttf"))) { try font(Array(text.utf8)) }
    }

    @Test func missingFilesAreRejected() throws {
        let path = folder.file("none.ttf")
        #expect(throws: SynthesisError.unreadable(FileError(file: path, reason: .missing))) {
            try Font(contentsOf: path)
        }
        #expect(throws: SynthesisError.unreadable(FileError(file: folder.path, reason: .isDirectory))) {
            try Font(contentsOf: folder.path)
        }
    }

    @Test func bitmapFontsAreRejected() throws {
        let bitmaps = """
            STARTFONT 2.1
            FONT -test-x-medium-r-normal--8-80-75-75-c-80-iso10646-1
            SIZE 8 75 75
            FONTBOUNDINGBOX 8 8 0 0
            CHARS 1
            STARTCHAR x
            ENCODING 120
            SWIDTH 1000 0
            DWIDTH 8 0
            BBX 8 2 0 0
            BITMAP
            FF
            81
            ENDCHAR
            ENDFONT

            """
        let path = folder.file("font.ttf")
        #expect(throws: SynthesisError.noOutlines(file: path)) { try font(Array(bitmaps.utf8)) }
    }

    @Test func truncatedFontsAreRejectedOrComplete() throws {
        let whole = try TestFont.tally()
        let bytes = try File.readBytes(TestFont.path("tally"))
        var refused = 0
        for count in stride(from: 1, to: bytes.count, by: 111) {
            do {
                let cut = try font(Array(bytes.prefix(count)))
                #expect(cut.glyphs.mapValues(\.contours) == whole.glyphs.mapValues(\.contours), "\(count) bytes")
            } catch is SynthesisError { refused += 1 }
        }
        #expect(refused > 40)
    }

    @Test func damagedFontsNeverCrash() throws {
        let bytes = try File.readBytes(TestFont.path("tally"))
        var random = RandomStream(seed: 3)
        for _ in 0..<60 {
            var damaged = bytes
            for _ in 0..<4 {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                damaged[place] = UInt8.random(in: 0...255, using: &random)
            }
            do {
                let hand = Hand(try font(damaged), using: &random)
                _ = try hand.line("the ox", using: &random)
            } catch is SynthesisError {}
        }
    }

    @Test func errorDescriptionsNameTheRemedy() throws {
        #expect(throws: SynthesisError.noFonts(folders: [folder.path], packages: Font.debianPackages)) {
            try Font.handwriting(in: folder.path)
        }
        #expect(throws: SynthesisError.noFonts(folders: [folder.path], packages: [])) {
            try Font.all(in: [folder.path])
        }
        let message = SynthesisError.noFonts(folders: ["/fonts"], packages: Font.debianPackages).description
        #expect(isOneSentence(message, about: "/fonts"))
        #expect(message.contains("apt-get install fonts-aenigma fonts-"))
        let lacking = SynthesisError.missingCharacters(font: "a.ttf", characters: ["Q", "&"]).description
        #expect(lacking == "a.ttf: the font has no “Q&”; choose another font or text.")
    }

    @Test func fontsAreFoundInNestedFolders() throws {
        try File.createDirectory(folder.file("deep/deeper"))
        let bytes = try File.readBytes(TestFont.path("tally"))
        for name in ["deep/deeper/Breip.ttf", "deep/other.TTF", "deep/readme.txt"] {
            try File.write(bytes, to: folder.file(name))
        }
        #expect(try Font.handwriting(in: folder.path).map(\.name) == ["Breip.ttf"])
        #expect(try Font.all(in: [folder.path]).map(\.name) == ["Breip.ttf", "other.TTF"])
    }
}
