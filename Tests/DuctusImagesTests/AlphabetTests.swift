import DuctusImages
import DuctusTestSupport
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite struct AlphabetTests {
    @Test func textIsEncodedAndDecoded() throws {
        let alphabet = Alphabet("abé")
        #expect(alphabet.count == 4)
        #expect(alphabet.blank == 0)
        #expect(try alphabet.encode("béa", sample: "x") == [2, 3, 1])
        #expect(alphabet.decode([2, 0, 2, 1, 3]) == "bbaé")
        #expect(try alphabet.encode("", sample: "x") == [])
        let middle = Alphabet("ab", blank: 1)
        #expect(try middle.encode("ab", sample: "x") == [0, 2])
        #expect(middle.decode([0, 1, 2]) == "ab")
    }

    @Test func textIsComposedFirst() throws {
        let alphabet = Alphabet("e\u{301}")
        #expect(alphabet.count == 2)
        #expect(try alphabet.encode("e\u{301}\u{E9}", sample: "x") == [1, 1])
        #expect("A\u{30A}q\u{303}".composedScalars.map(\.value) == [0xC5, 0x71, 0x303])
        #expect("\u{1100}\u{1161}\u{212B}".composedScalars.map(\.value) == [0xAC00, 0xC5])
    }

    @Test func unknownCharactersAreNamedWithTheirSample() {
        let alphabet = Alphabet("ab")
        let error = #expect(throws: AlphabetError.self) { try alphabet.encode("a€b", sample: "a01-000u-00") }
        #expect(error == .unknown("€", sample: "a01-000u-00"))
        #expect(error?.description.hasPrefix("a01-000u-00: “€” (U+20AC) is not in the character set") == true)
        #expect(AlphabetError.unknown("\u{9}", sample: "x").description.contains("the character U+0009"))
        #expect(alphabet.unknownCharacters(in: "ca€cb") == ["c", "€"])
    }

    @Test func iamHas80Classes() throws {
        let alphabet = Alphabet.iam
        #expect(alphabet.count == 80)
        #expect(alphabet.characters.unicodeScalars.count == 79)
        #expect(try alphabet.encode(" 09AZaz!?", sample: "x") == [1, 2, 11, 12, 37, 38, 63, 64, 79])
    }

    @Test func fsdl80EndsWithTheBlank() throws {
        let alphabet = Alphabet.fsdl80
        #expect(alphabet.count == 80)
        #expect(alphabet.blank == 79)
        let text = "09AZaz !\"#&'()*+,-./:;?"
        #expect(try alphabet.encode(text, sample: "x") == [0, 9, 10, 35, 36, 61] + Array(62...78))
        #expect(alphabet.decode([0, 79, 0, 62, 78]) == "00 ?")
    }

    @Test func decomposedAlphabetsHaveAccentsOfTheirOwn() throws {
        let alphabet = Alphabet(decomposed: "ce\u{301}\u{327}")
        #expect(alphabet.count == 5)
        for text in ["éçe", "e\u{301}c\u{327}e"] {
            #expect(try alphabet.encode(text, sample: "x") == [2, 3, 1, 4, 2])
        }
        #expect(alphabet.decode([2, 3, 1, 4, 2]).unicodeScalars.elementsEqual("\u{E9}\u{E7}e".unicodeScalars))
        #expect(alphabet.unknownCharacters(in: "ê") == ["\u{302}"])
    }

    @Test(arguments: [
        ("Où est l'œuvre de François ? 5 € = 100 %", ""), ("mañana, Übergrößen", "ß"), ("Ærø, Å", "Æø\u{30A}"),
    ])
    func theLatinAlphabetWritesSeveralLanguages(text: String, unknown: String) {
        #expect(Alphabet.latin.unknownCharacters(in: text) == Array(unknown.unicodeScalars))
    }

    @Test func typographicCharactersBecomePlainUnlessTheAlphabetHasThem() throws {
        let plain = Alphabet("'\"-. ")
        #expect(try plain.encode("“‘…–\u{A0}", sample: "x") == [2, 1, 4, 4, 4, 3, 5])
        #expect(try Alphabet("'’").encode("’'", sample: "x") == [2, 1])
        #expect(plain.unknownCharacters(in: "„—«") == ["«"])
    }

    @Test func alphabetsCoverTexts() throws {
        let alphabet = try Alphabet(covering: ["ba", "e\u{301} a"])
        #expect(alphabet.characters == " abé")
    }

    @Test func alphabetsSurviveJSON() throws {
        for alphabet in [Alphabet.iam, .fsdl80, .latin] {
            let data = try JSONEncoder().encode(alphabet)
            #expect(try JSONDecoder().decode(Alphabet.self, from: data) == alphabet)
        }
    }

    @Test(arguments: [
        (#"{"characters": "aa", "blank": 0}"#, AlphabetError.repeated("a")),
        (#"{"characters": "ab", "blank": 3}"#, .invalidBlank(3, count: 3)),
        (#"{"characters": "", "blank": 0}"#, .empty),
    ])
    func malformedAlphabetsAreRefused(json: String, error: AlphabetError) {
        #expect(throws: error) { try JSONDecoder().decode(Alphabet.self, from: Data(json.utf8)) }
    }
}
