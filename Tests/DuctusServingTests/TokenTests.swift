import DuctusServing
import DuctusTestSupport
import Testing

/// Who may use a service.
@Suite struct TokenTests {
    private let folder: TemporaryFolder
    private let service: ReadingService

    init() throws {
        folder = try TemporaryFolder()
        let path = try folder.write(
            "# owners\n\narchive 0123456789abcdef\nlibrary fedcba9876543210\n", to: "tokens")
        service = try DuctusServingTests.service(["tokens": path])
    }

    @Test(
        arguments: [
            ("Bearer 0123456789abcdef", 200), ("bearer fedcba9876543210", 200), (nil, 401), ("", 401), ("Bearer ", 401),
            ("Bearer 0123456789abcde", 401), ("Bearer 0123456789abcdef0", 401), ("Basic 0123456789abcdef", 401),
            ("archive", 401),
        ] as [(String?, Int)])
    func readingNeedsAToken(authorization: String?, status: Int) async throws {
        let answer = await service.post(
            "/v1/read", "image/png", Pictures.page, authorization.map { [.authorization: $0] } ?? [:])
        #expect(answer.status == status)
        #expect(answer.headers[.wwwAuthenticate] == (status == 401 ? "Bearer" : nil))
    }

    @Test(arguments: [
        ("/", 200), ("/page.js", 200), ("/openapi.json", 200), ("/v2/health/live", 200), ("/v1/service", 200),
        ("/metrics", 401), ("/v2/models/pages", 401),
    ])
    func onlyWhatReadsOrTellsIsClosed(path: String, status: Int) async {
        #expect(await service.get(path).status == status)
    }

    @Test(arguments: ["", "# nothing\n", "archive\n", "archive short\n", "archive 0123456789abcdef more\n"])
    func wrongFilesAreErrors(text: String) throws {
        let path = try folder.write(text, to: "wrong")
        let error = #expect(throws: FileError.self) { try Tokens(contentsOf: path) }
        #expect(error?.description.contains("wrong") == true)
    }
}
