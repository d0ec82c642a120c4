import DuctusFiles
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite struct ChoiceTests {
    private struct Brush: Component, Equatable {
        static let name = "brush"
        var width = 3
        var hair: String?
        var problem: String? { problem("width", width, in: 1...9) }
    }

    private struct Ruler: Component, Equatable {
        static let name = "ruler"
        var length = 30
    }

    private static let tools = Registry<any Component.Type>("tool", [Brush.self, Ruler.self]) { $0.name }

    private func json(_ text: String) throws -> JSONText { try JSONText(parsing: Array(text.utf8)) }

    private func component<Tool>(_ choice: Choice, as type: Tool.Type = Tool.self) throws -> Tool {
        try Self.tools.component(choice, file: "x.json", key: "tool")
    }

    @Test func aNameAloneStandsForTheDefaults() throws {
        let choice: Choice = "brush"
        #expect(choice == Choice("brush"))
        #expect(try component(choice) == Brush())
    }

    @Test func aComponentIsChosenWithItsSettings() throws {
        let choice = Choice(Brush(width: 5, hair: "sable"))
        #expect(choice.name == "brush")
        #expect(choice.settings == ["width": .number("5"), "hair": .string("sable")])
        #expect(try component(choice) == Brush(width: 5, hair: "sable"))
    }

    @Test(arguments: [
        (#""brush""#, Choice("brush")), (#"{"name": "brush"}"#, Choice("brush")),
        (#"{"width": 5, "name": "brush"}"#, Choice("brush", settings: ["width": .number("5")])),
    ])
    func choicesAreReadFromJSON(text: String, choice: Choice) throws {
        #expect(Choice(try json(text)) == choice)
        #expect(try JSONDecoder().decode(Choice.self, from: Data(text.utf8)) == choice)
    }

    @Test(arguments: [Choice("brush"), Choice(Brush(width: 5, hair: "sable")), Choice(Ruler())])
    func choicesSurviveJSON(choice: Choice) throws {
        #expect(Choice(choice.json) == choice)
        #expect(try JSONDecoder().decode(Choice.self, from: JSONEncoder().encode(choice)) == choice)
    }

    @Test(arguments: ["5", "null", "[]", "{}", #"{"width": 5}"#, #"{"name": 5}"#, #"{"name": ""}"#])
    func whatHasNoNameIsNoChoice(text: String) throws {
        #expect(Choice(try json(text)) == nil)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Choice.self, from: Data(text.utf8)) }
    }

    /// Settings without a name, and settings for the same name, change the choice that is there.
    @Test(arguments: [#"{"width": 5}"#, #"{"name": "brush", "width": 5}"#])
    func settingsAddToTheFallback(text: String) throws {
        let fallback = Choice(Brush(width: 4, hair: "sable"))
        #expect(Choice(try json(text), fallback: fallback) == Choice(Brush(width: 5, hair: "sable")))
    }

    @Test func anotherNameDropsTheSettingsOfTheFallback() throws {
        let fallback = Choice(Brush(width: 4, hair: "sable"))
        let longer = try json(#"{"name": "ruler", "length": 50}"#)
        #expect(Choice(longer, fallback: fallback) == Choice("ruler", settings: ["length": .number("50")]))
        #expect(Choice(try json(#""brush""#), fallback: fallback) == Choice("brush"))
    }

    @Test func errorsNameTheKey() throws {
        func message(_ choice: Choice) -> String? {
            #expect(throws: ConfigurationError.self) { try component(choice, as: Brush.self) }?.description
        }
        #expect(
            message("brusch")
                == "x.json: there is no tool \"brusch\" (did you mean \"brush\"?); choose one of brush, ruler.")
        #expect(message("ruler") == "x.json: key \"tool\": the tool \"ruler\" cannot be used here.")
        #expect(
            message(Choice("brush", settings: ["widht": .number("5")]))
                == "x.json: key \"tool.widht\" is not known (did you mean \"width\"?); known are hair, width.")
        #expect(message(Choice(Brush(width: 0))) == "x.json: key \"tool.width\" is 0; it must be 1 to 9.")
    }
}
