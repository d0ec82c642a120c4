import DuctusServing
import HTTPTypes
import Testing

/// Pages in every format.
@Suite struct PageTests {
    private func read(_ target: String = "/v1/read", _ headers: HTTPFields = [:]) async throws -> Answer {
        try await service().post(target, "image/png", Pictures.page, headers)
    }

    private var page: Page { Page(image: "image", width: 100, height: 80, lines: FixedReader.lines) }

    @Test func jsonIsThatOfTheCommandLine() async throws {
        #expect(try await read().text == PageFormat.json.render([page]))
    }

    @Test(arguments: [
        ("text/plain", "text/plain; charset=utf-8", "La mer\nciel\n"),
        ("text/html", "text/html; charset=utf-8", "<?xml"), ("application/alto+xml", "application/alto+xml", "<?xml"),
        ("application/page+xml", "application/page+xml", "<?xml"), ("application/xml", "application/xml", "<?xml"),
        ("application/pdf", "application/pdf", "%PDF-"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", "level\t"),
        ("application/json;q=0.1, text/*", "text/plain; charset=utf-8", "La mer\n"),
        ("*/*", "application/json", "{\"height\":80"),
    ])
    func theClientChoosesTheFormat(accept: String, type: String, start: String) async throws {
        let answer = try await read("/v1/read", [.accept: accept])
        #expect(answer.headers[.contentType] == type)
        #expect(answer.text.hasPrefix(start))
    }

    @Test func theQueryOverridesWhatIsAccepted() async throws {
        #expect(try await read("/v1/read?format=text", [.accept: "application/json"]).text == "La mer\nciel\n")
        #expect(try await read("/v1/read?format=doc").status == 400)
        #expect(try await read("/v1/read", [.accept: "image/gif"]).status == 406)
    }

    @Test func linesAndLanguagesAreChosen() async throws {
        #expect(try await read("/v1/read?format=text&lines=true").text == "La mer\n")
        #expect(try await read("/v1/read?lines=maybe").status == 400)
        #expect(try await read("/v1/read?language=none").status == 200)
        #expect(try await read("/v1/read?language=../../etc/passwd.lm").status == 400)
    }

    @Test func severalImagesAreAnArray() async throws {
        let (service, type) = (try service(), "multipart/form-data; boundary=edge")
        let form = Pictures.form([Pictures.page, Pictures.page])
        let pages = try #require(await service.post("/v1/read", type, form).json.array)
        #expect(pages.map { $0.object?["image"] } == [.string("a0.png"), .string("a1.png")])
        #expect(await service.post("/v1/read?format=page", type, form).status == 400)
        let json = "{\"images\": [\"\(Pictures.url(Pictures.page))\", \"\(Pictures.url(Pictures.page))\"]}"
        #expect(await service.post("/v1/read", json: json).json.array?.count == 2)
    }

    @Test func eventsComeLineByLine() async throws {
        let answer = try await read("/v1/read", [.accept: "text/event-stream"])
        #expect(answer.headers[.contentType] == "text/event-stream")
        let events = answer.text.split(separator: "\n\n").map { $0.split(separator: "\n") }
        #expect(
            events.map { $0[0] } == ["event: start", "event: line", "event: line", "event: page", "event: done"])
        let line = try JSONText(parsing: Array(events[1][1].dropFirst("data: ".count).utf8))
        #expect(line.object?["text"] == .string("La mer"))
    }

    @Test func wrongImagesAreErrorsBeforeEvents() async throws {
        let answer = try await service().post("/v1/read", "image/png", [1, 2, 3], [.accept: "text/event-stream"])
        #expect(answer.status == 415)
        #expect(answer.headers[.contentType] == "application/problem+json")
    }

    /// One page after the other is decoded: what is wrong with a later one is found when those before it have been read.
    @Test func aWrongPageIsAnErrorAfterThoseBeforeIt() async throws {
        let count = Counter()
        let service = try service(willRead: count.add)
        let (type, form) = ("multipart/form-data; boundary=edge", Pictures.form([Pictures.page, Pictures.bomb]))
        #expect(await service.post("/v1/read", type, form).status == 422)
        #expect(count.value == 1)
        let events = await service.post("/v1/read", type, form, [.accept: "text/event-stream"])
        #expect(events.status == 200)
        let last = events.text.split(separator: "\n\n").last
        #expect(last?.hasPrefix("event: error\n") == true)
        #expect(last?.contains("\"status\":422") == true)
    }

    @Test(
        arguments: [
            ("text/event-stream, application/json;q=0.9", "", "text/event-stream"),
            ("text/event-stream;q=0.5, text/plain", "", "text/plain; charset=utf-8"),
            ("text/event-stream;q=0, */*", "", "application/json"),
            ("text/event-stream", "?format=text", "text/plain; charset=utf-8"),
        ])
    func eventsAreOneOfTheTypes(accept: String, query: String, type: String) async throws {
        #expect(try await read("/v1/read\(query)", [.accept: accept]).headers[.contentType] == type)
    }

    @Test func pagesAreConverted() async throws {
        let service = try service()
        let json = try PageFormat.json.render([page])
        #expect(await service.post("/v1/convert?format=text", json: json).text == "La mer\nciel\n")
        #expect(await service.post("/v1/convert", json: json).text == json)
        #expect(await service.post("/v1/convert?format=pdf", json: json).status == 400)
        #expect(await service.post("/v1/convert", json: "{\"image\": \"a\"}").status == 400)
    }

    /// Sums of such numbers do not fit into 64 bits.
    @Test(arguments: ["text", "json", "tsv", "hocr", "alto", "page"])
    func coordinatesFarAwayAreRefused(format: String) async throws {
        let far = "[[-9223372036854775808, 0], [9223372036854775807, 0]]"
        let lines = "[{\"text\": \"a\", \"box\": [0, 0, 1, 1], \"baseline\": \(far), \"polygon\": \(far)}]"
        let answer = try await service().post(
            "/v1/convert?format=\(format)", json: "{\"image\": \"a\", \"lines\": \(lines)}")
        #expect(answer.status == 400)
    }

    /// A page that is refused takes no longer than to read it.
    @Test(.timeLimit(.minutes(1))) func manyNumbersAreRefusedAtOnce() async throws {
        let numbers = (0..<200_000).map { "\"k\($0)\": 1" }.joined(separator: ", ")
        let answer = try await service().post(
            "/v1/convert", json: "{\"image\": \"\", \"lines\": [], \"width\": 1.5, \(numbers)}")
        #expect(answer.status == 400)
        #expect(answer["detail"]?.string?.contains("/openapi.json") == true)
    }

    @Test(arguments: ["[0, 0, 0]", "[0]", "[]", "0", "[0.5, 0]"])
    func pointsAreTwoNumbers(point: String) async throws {
        let line = "{\"text\": \"a\", \"box\": [0, 0, 1, 1], \"polygon\": [\(point)]}"
        let answer = try await service().post("/v1/convert", json: "{\"image\": \"a\", \"lines\": [\(line)]}")
        #expect(answer.status == 400)
    }
}
