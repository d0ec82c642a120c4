import DuctusFiles
import Testing

@Suite struct ConfigurationTests {
    private struct Pen: Configuration, Equatable {
        var width = 2
        var color: String?
        var problem: String? { problem("width", width, in: 1...9) }
    }

    private struct Desk: Configuration, Equatable {
        var height = 70.0
        var depth: Double?
        var pen = Pen()
        var spare: Pen?
        var tool: Choice = "ruler"
        var drawers = [1, 2]

        var problem: String? {
            problem("height", height, in: 1...200) ?? problem("depth", depth, in: 1...100) ?? problem("pen", pen)
                ?? problem("spare", spare) ?? problem("drawers", drawers, in: 0...9)
        }
    }

    private func changed(_ changes: String, of desk: Desk = Desk(), key: String = "") throws -> Desk {
        try desk.changed(by: JSONText(parsing: Array(changes.utf8)), file: "desk.json", key: key)
    }

    /// What the error says after the name of the file.
    private func problem(_ changes: String, key: String = "") throws -> String {
        let error = try #require(throws: ConfigurationError.self) { try changed(changes, key: key) }
        #expect(error.description.hasPrefix("desk.json: "))
        #expect(error.description.hasSuffix("."))
        return String(error.description.dropFirst("desk.json: ".count).dropLast())
    }

    @Test func whatIsNotGivenStays() throws {
        let desk = Desk(height: 80, depth: 40, pen: Pen(width: 3), spare: Pen(color: "red"), drawers: [])
        #expect(try changed("{}", of: desk) == desk)
        #expect(try changed(#"{"pen": {}, "spare": {}}"#, of: desk) == desk)
    }

    @Test func givenValuesReplaceTheOthers() throws {
        let desk = try changed(#"{"height": 75, "pen": {"width": 4}, "drawers": [3], "tool": "brush"}"#)
        #expect(desk == Desk(height: 75, pen: Pen(width: 4), tool: "brush", drawers: [3]))
    }

    @Test func choicesAreChangedByTheirSettings() throws {
        let desk = try changed(#"{"tool": {"length": 30}}"#)
        #expect(desk.tool == Choice("ruler", settings: ["length": .number("30")]))
    }

    @Test func optionalValuesMayBeAbsentNullOrGiven() throws {
        #expect(try changed("{}").depth == nil)
        #expect(try changed(#"{"depth": null}"#).depth == nil)
        #expect(try changed(#"{"depth": 40}"#).depth == 40)
        let deep = Desk(depth: 40)
        #expect(try changed("{}", of: deep).depth == 40)
        #expect(try changed(#"{"depth": 50}"#, of: deep).depth == 50)
        #expect(try changed(#"{"depth": null}"#, of: deep).depth == nil)
    }

    @Test func optionalConfigurationsGetTheirDefaults() throws {
        #expect(try changed(#"{"spare": {}}"#).spare == Pen())
        #expect(try changed(#"{"spare": {"color": "red"}}"#).spare == Pen(width: 2, color: "red"))
        #expect(try changed(#"{"spare": null}"#).spare == nil)
        let desk = Desk(spare: Pen(width: 3, color: "red"))
        #expect(try changed(#"{"spare": {"width": 4}}"#, of: desk).spare == Pen(width: 4, color: "red"))
        #expect(try changed(#"{"spare": null}"#, of: desk).spare == nil)
    }

    @Test func unknownKeysAreAnsweredWithTheNearestAndTheKnown() throws {
        let known = "known are depth, drawers, height, pen, spare, tool"
        #expect(try problem(#"{"heigth": 1}"#) == "key \"heigth\" is not known (did you mean \"height\"?); \(known)")
        #expect(try problem(#"{"dept": 1}"#) == "key \"dept\" is not known (did you mean \"depth\"?); \(known)")
        #expect(try problem(#"{"lamp": 1}"#) == "key \"lamp\" is not known; \(known)")
    }

    @Test(arguments: ["pen", "spare"]) func unknownKeysAreNamedInFull(name: String) throws {
        let message = "is not known (did you mean \"width\"?); known are color, width"
        #expect(try problem("{\"\(name)\": {\"widht\": 1}}") == "key \"\(name).widht\" \(message)")
        #expect(try problem("{\"\(name)\": {\"widht\": 1}}", key: "a.b") == "key \"a.b.\(name).widht\" \(message)")
    }

    @Test(arguments: [
        (#"{"height": "tall"}"#, "height"), (#"{"height": null}"#, "height"),
        (#"{"pen": {"width": true}}"#, "pen.width"),
        (#"{"pen": {"width": 1.5}}"#, "pen.width"), (#"{"spare": {"color": 3}}"#, "spare.color"),
        (#"{"depth": "far"}"#, "depth"), (#"{"tool": 5}"#, "tool"), (#"{"drawers": 5}"#, "drawers"),
    ])
    func valuesOfTheWrongKindAreNamed(changes: String, key: String) throws {
        #expect(try problem(changes) == "key \"\(key)\" has a value of the wrong kind")
        #expect(try problem(changes, key: "desk") == "key \"desk.\(key)\" has a value of the wrong kind")
    }

    @Test func whatHasKeysMustBeAnObject() throws {
        #expect(try problem("[]") == "the top level must be an object")
        #expect(try problem("[]", key: "desk") == "key \"desk\" must be an object")
        #expect(try problem(#"{"pen": 5}"#) == "key \"pen\" must be an object")
        #expect(try problem(#"{"spare": 5}"#) == "key \"spare\" must be an object")
    }

    @Test(arguments: [
        (#"{"height": 0.5}"#, "height", "0.5", "1.0 to 200.0"), (#"{"depth": 101}"#, "depth", "101.0", "1.0 to 100.0"),
        (#"{"pen": {"width": 10}}"#, "pen.width", "10", "1 to 9"),
        (#"{"spare": {"width": 0}}"#, "spare.width", "0", "1 to 9"),
        (#"{"drawers": [9, 10]}"#, "drawers", "10", "0 to 9"),
    ])
    func numbersMustBeInRange(changes: String, key: String, number: String, range: String) throws {
        #expect(try problem(changes) == "key \"\(key)\" is \(number); it must be \(range)")
        #expect(try problem(changes, key: "a.b") == "key \"a.b.\(key)\" is \(number); it must be \(range)")
    }

    @Test func theCompleteFormHasEveryKey() throws {
        let desk = Desk(spare: Pen())
        #expect(
            try JSONText.complete(desk).text
                == #"{"depth": null, "drawers": [1, 2], "height": 70, "pen": {"color": null, "width": 2}, "#
                + #""spare": {"color": null, "width": 2}, "tool": {"name": "ruler"}}"#)
        #expect(try JSONText.complete(Desk()).object?["spare"] == .null)
        #expect(try changed(JSONText.complete(desk).text, of: Desk(height: 80, depth: 40)) == desk)
    }

    @Test func settingsAreChangedByDottedPaths() throws {
        let changes = try JSONText.object([:]).applying([
            "height=80", "pen.width=3", "pen.color=dark red", "depth=null",
        ])
        #expect(try changed(changes.text) == Desk(height: 80, pen: Pen(width: 3, color: "dark red")))
        for change in ["height", "=80", ""] {
            #expect(throws: ConfigurationError.self) { try JSONText.object([:]).applying([change]) }
        }
    }
}
