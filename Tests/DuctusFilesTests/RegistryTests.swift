import DuctusFiles
import Testing

@Suite struct RegistryTests {
    private struct Tool: Sendable, Equatable {
        let name: String
        var weight = 1
    }

    private static func tools() -> Registry<Tool> {
        Registry("tool", [Tool(name: "ruler"), Tool(name: "quill", weight: 2), Tool(name: "brush")]) { $0.name }
    }

    @Test func valuesAreFoundByName() throws {
        let tools = Self.tools()
        #expect(tools["quill"] == Tool(name: "quill", weight: 2))
        #expect(try tools.value(named: "quill", file: "x.json") == Tool(name: "quill", weight: 2))
        #expect(tools["Quill"] == nil)
        #expect(tools[""] == nil)
    }

    @Test func valuesKeepTheOrderOfTheirRegistration() {
        let tools = Self.tools()
        tools.register(Tool(name: "awl", weight: 3))
        #expect(tools.names == ["ruler", "quill", "brush", "awl"])
        #expect(tools.all.map(\.weight) == [1, 2, 1, 3])
    }

    @Test(arguments: [
        ("brish", " (did you mean \"brush\"?)"), ("QUILL", " (did you mean \"quill\"?)"), ("chisel", ""), ("", ""),
    ])
    func unknownNamesAreAnsweredWithTheNearestAndAllOthers(name: String, suggestion: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.tools().value(named: name, file: "x.json")
        }
        #expect(
            error?.description
                == "x.json: there is no tool \"\(name)\"\(suggestion); choose one of ruler, quill, brush.")
    }

    /// Keys of dictionaries come in an order that changes with the process.
    @Test func equallyNearNamesHaveAnOrder() {
        #expect(suggestion(for: "beta", among: ["beta2", "beta1"]) == " (did you mean \"beta1\"?)")
        #expect(suggestion(for: "beta", among: ["beta1", "beta2"]) == " (did you mean \"beta1\"?)")
    }

    @Test func aNameIsRegisteredOnce() async {
        await #expect(processExitsWith: .failure) { RegistryTests.tools().register(Tool(name: "quill")) }
        await #expect(processExitsWith: .failure) {
            _ = Registry("tool", [Tool(name: "awl"), Tool(name: "awl")]) { $0.name }
        }
    }

    @Test func registrationsMayBeConcurrent() async {
        let tools = Self.tools()
        await withTaskGroup { group in
            for number in 0..<500 {
                group.addTask {
                    tools.register(Tool(name: "tool \(number)", weight: number))
                    #expect(tools["tool \(number)"]?.weight == number)
                }
            }
        }
        #expect(tools.names.prefix(3) == ["ruler", "quill", "brush"])
        #expect(tools.all.dropFirst(3).map(\.weight).sorted() == Array(0..<500))
    }
}
