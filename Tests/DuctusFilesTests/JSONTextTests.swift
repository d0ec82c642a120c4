import DuctusFiles
import Testing

@Suite struct JSONTextTests {
    @Test(
        arguments: [
            ("null", .null), (" true ", .boolean(true)), ("false", .boolean(false)), ("-1.5e3", .number("-1.5e3")),
            ("0", .number("0")), ("\"\"", .string("")), ("[]", .array([])),
            ("[1, [2]]", .array([.number("1"), .array([.number("2")])])),
            ("{}", .object([:])), ("{\"a\" : null}", .object(["a": .null])),
            (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{C}\n\r\t")), (#""\u00e9\ud83d\ude00""#, .string("é😀")),
            ("\"日本\"", .string("日本")),
        ] as [(String, JSONText)])
    func readsWhatIsJSON(text: String, value: JSONText) throws {
        #expect(try JSONText(parsing: Array(text.utf8)) == value)
    }

    /// RFC 8259 to the letter.
    @Test(arguments: [
        "", " ", "{", "[", "\"", "[1,]", "{\"a\":1,}", "{\"a\"}", "{\"a\":}", "{1:2}", "[1 2]", "nul", "True", "NaN",
        "Infinity", "-Infinity", "+1", "-", "1.", ".5", "01", "-01", "1e", "1e+", "0x10", "--1", "1-2", "'a'",
        #""\x""#, #""\u12""#, #""\u+123""#, #""\u 123""#, #""\ud800""#, #""\udc00""#, #""\ud800\u0041""#,
        #""\ud800x""#, "\"\u{1}\"", "\"a\nb\"", "{} {}", "[]]", "{\"a\":1,\"a\":1}", "{\"\\u0061\":1,\"a\":1}",
    ])
    func refusesWhatIsNotJSON(text: String) {
        #expect(throws: JSONText.Failure.self) { try JSONText(parsing: Array(text.utf8)) }
    }

    @Test func prefixesAreRefused() {
        let text = Array(#"{"a\u00e9":[1,-2.5e3,true,null,{"b":"c\n"}],"d":{}}"#.utf8)
        for length in 0..<text.count {
            #expect(throws: JSONText.Failure.self) { try JSONText(parsing: text.prefix(length)) }
        }
    }

    @Test func errorsNameTheByte() {
        let error = #expect(throws: JSONText.Failure.self) { try JSONText(parsing: Array("[1, x]".utf8)) }
        #expect(error?.offset == 4)
    }

    @Test(arguments: ["", "plain", "\"\\\n\t\r\u{1}\u{1F}", "é 日本 🖋", "/\u{7F}"])
    func parsingUndoesQuoting(text: String) throws {
        #expect(try JSONText(parsing: Array(JSONText.quoted(text).utf8)) == .string(text))
    }

    /// Each number that is looked at costs another decoding, so among very many, the one at fault is not looked for.
    @Test(.timeLimit(.minutes(1))) func aWrongNumberAmongManyIsRefusedAtOnce() {
        var members = Dictionary(uniqueKeysWithValues: (0..<20_000).map { ("k\($0)", JSONText.number("1")) })
        members["k0"] = .number("1.5")
        let json = JSONText.object(members)
        #expect(throws: ConfigurationError.self) { try json.decoded(as: [String: Int].self, file: "a.json") }
    }

    @Test(arguments: [("0", 0), ("12", 12), ("-1", nil), ("1.0", nil), ("1e3", nil), ("9223372036854775808", nil)])
    func countsAreNonnegativeIntegers(text: String, count: Int?) throws {
        #expect(try JSONText(parsing: Array(text.utf8)).count == count)
    }
}
