import DuctusImages
import DuctusTestSupport
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    // Piece by piece, as Foundation has a Alphabet of its own.
    import struct Foundation.Data
    import class Foundation.JSONDecoder
    import class Foundation.JSONEncoder
#endif

@Suite struct CharacterSetTests {
    @Test func encodesAndDecodes() throws {
        let set = Alphabet("abé")
        #expect(set.count == 4 && set.blank == 0)
        #expect(try set.encode("béa", sample: "x") == [2, 3, 1])
        #expect(set.decode([2, 0, 2, 1, 3]) == "bbaé")
        #expect(try set.encode("", sample: "x") == [])
        let middle = Alphabet("ab", blank: 1)
        #expect(try middle.encode("ab", sample: "x") == [0, 2])
        #expect(middle.decode([0, 1, 2]) == "ab")
    }

    @Test func composesFirst() throws {
        let set = Alphabet("e\u{301}")
        #expect(set.count == 2)
        #expect(try set.encode("e\u{301}\u{E9}", sample: "x") == [1, 1])
        #expect("A\u{30A}q\u{303}".composedScalars.map(\.value) == [0xC5, 0x71, 0x303])
        #expect("\u{1100}\u{1161}\u{212B}".composedScalars.map(\.value) == [0xAC00, 0xC5])
    }

    @Test func namesTheUnknownCharacterAndTheSample() {
        let set = Alphabet("ab")
        let error = #expect(throws: AlphabetError.self) { try set.encode("a€b", sample: "a01-000u-00") }
        #expect(error == .unknown("€", sample: "a01-000u-00"))
        #expect(error?.description.hasPrefix("a01-000u-00: “€” (U+20AC) is not in the character set") == true)
        #expect(AlphabetError.unknown("\u{9}", sample: "x").description.contains("the character U+0009"))
        #expect(set.unknownCharacters(in: "ca€cb") == ["c", "€"])
    }

    @Test func iam() throws {
        let set = Alphabet.iam
        #expect(set.count == 80 && set.characters.unicodeScalars.count == 79)
        #expect(try set.encode(" 09AZaz!?", sample: "x") == [1, 2, 11, 12, 37, 38, 63, 64, 79])
    }

    @Test func fsdl80() throws {
        let set = Alphabet.fsdl80
        #expect(set.count == 80 && set.blank == 79)
        let text = "09AZaz !\"#&'()*+,-./:;?"
        #expect(try set.encode(text, sample: "x") == [0, 9, 10, 35, 36, 61] + Array(62...78))
        #expect(set.decode([0, 79, 0, 62, 78]) == "00 ?")
    }

    @Test func coverage() throws {
        let set = try Alphabet(covering: ["ba", "e\u{301} a"])
        #expect(set.characters == " abé")
    }

    @Test func codable() throws {
        for set in [Alphabet.iam, .fsdl80] {
            let data = try JSONEncoder().encode(set)
            #expect(try JSONDecoder().decode(Alphabet.self, from: data) == set)
        }
        for (json, error) in [
            (#"{"characters": "aa", "blank": 0}"#, AlphabetError.repeated("a")),
            (#"{"characters": "ab", "blank": 3}"#, .invalidBlank(3, count: 3)),
            (#"{"characters": "", "blank": 0}"#, .empty),
        ] {
            #expect(throws: error) { try JSONDecoder().decode(Alphabet.self, from: Data(json.utf8)) }
        }
    }
}
