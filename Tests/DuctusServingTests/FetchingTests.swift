import DuctusServing
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

/// Images at addresses that clients name.
@Suite struct FetchingTests {
    /// The answer to a request for an address.
    private func predict(_ address: String, _ service: ReadingService) async -> Answer {
        await service.get("/v1/predict?image_url=\(Self.encoded(address))")
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { "%\($0 < 16 ? "0" : "")\(String($0, radix: 16))" }.joined()
    }

    @Test func nothingIsFetchedUnlessAllowed() async throws {
        let answer = await predict("https://example.org/a.png", try service())
        #expect(answer.status == 403)
        #expect(answer["detail"]?.string?.contains("--image-hosts") == true)
    }

    @Test func onlyListedHostsAreAsked() async throws {
        let service = try service(["image-hosts": "example.org"])
        #expect(await predict("https://example.com/a.png", service).status == 403)
        #expect(await predict("https://example.org:8443/a.png", service).status == 403)
        #expect(await predict("https://example.org.example.com/a.png", service).status == 403)
        #expect(await service.get("/v1/predict").status == 400)
    }

    /// A host in the list with the port of a scheme stands for that scheme only.
    @Test func theUsualPortMayBeListed() async throws {
        let service = try service(["image-hosts": "127.0.0.1:443"])
        let listed = await predict("https://127.0.0.1/a.png", service)
        #expect(listed["detail"]?.string?.contains("not public") == true)
        let other = await predict("http://127.0.0.1/a.png", service)
        #expect(other["detail"]?.string?.contains("--image-hosts") == true)
    }

    @Test(arguments: [
        "", "a.png", "/etc/passwd", "file:///etc/passwd", "ftp://example.org/", "gopher://example.org/",
        "data:image/png,A", "https://", "https:///a.png", "https://user@example.org/", "https://example.org:0/",
        "https://example.org:99999/",
        "https://example.org:8a/", "https://example.org\\@127.0.0.1/", "https://[example.org]/", "https://[::1/",
        "https://[fe80::1%25lo]/", "https://ex ample.org/", "https://example.org/\r\nX: y", "https://ex\u{E4}mple.org/",
    ])
    func otherAddressesAreRefused(address: String) async throws {
        #expect(try await predict(address, service(["image-hosts": "*"])).status == 400)
    }

    /// The spellings of addresses that are not public: none is connected to.
    @Test(arguments: [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "0.0.0.0", "localhost", "LOCALHOST",
        "10.0.0.1", "100.64.0.1", "169.254.169.254", "0xa9fea9fe", "172.16.0.1", "172.31.255.255", "192.168.0.1",
        "198.18.0.1", "192.0.2.1", "224.0.0.1", "255.255.255.255", "[::1]", "[::]", "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001::1]", "[fe80::1]", "[fc00::1]", "[ff02::1]",
        "[2001:db8::1]",
    ])
    func addressesThatAreNotPublicAreRefused(host: String) async throws {
        let answer = try await predict("http://\(host)/a.png", service(["image-hosts": "*"]))
        #expect(answer.status == 403)
        #expect(answer["detail"]?.string?.contains("not public") == true)
    }

    @Test(arguments: ["1.1.1.1", "100.63.255.255", "172.32.0.1", "192.167.255.255", "2606:4700::1111"])
    func otherAddressesArePublic(address: String) throws {
        #expect(try SocketAddress(ipAddress: address, port: 80).isPublic)
    }

    /// A server with an image, with a way to it, and with too many bytes.
    private func withImages(_ body: (_ authority: String, ReadingService) async throws -> Void) async throws {
        let router = Router()
        router.get("/line.png") { _, _ in
            Response(status: .ok, body: .init(byteBuffer: ByteBuffer(bytes: Pictures.line)))
        }
        router.get("/moved.png") { _, _ in
            Response(status: .found, headers: [.location: "/line.png"])
        }
        router.get("/large.png") { _, _ in
            Response(status: .ok, body: .init(byteBuffer: ByteBuffer(repeating: 0, count: 5000)))
        }
        try await withPort(of: router) { port in
            let fetcher = ImageFetcher(hosts: ["127.0.0.1:\(port)"], maximumBytes: 4096) { _ in true }
            try await body("127.0.0.1:\(port)", service(fetcher: fetcher))
        }
    }

    @Test func anImageIsFetchedAndRead() async throws {
        try await withImages { authority, service in
            let answer = await predict("http://\(authority)/line.png#there", service)
            #expect(answer.status == 200)
            #expect(answer["pred"] == .string("La mer"))
        }
    }

    @Test func redirectionsAndOtherAnswersAreNotFollowed() async throws {
        try await withImages { authority, service in
            for (path, status) in [("moved.png", 422), ("nothing.png", 422), ("large.png", 413)] {
                #expect(await predict("http://\(authority)/\(path)", service).status == status)
            }
        }
    }

    /// The fetched bytes are an image, whatever the client says about a body.
    @Test func theRequestsOwnTypeDoesNotCount() async throws {
        try await withImages { authority, service in
            let target = "/v1/ocr?image_url=\(Self.encoded("http://\(authority)/line.png"))"
            #expect(await service.get(target, [.contentType: "application/json"]).status == 200)
        }
    }

    @Test func aHostThatDoesNotAnswerIsAnError() async throws {
        let fetcher = ImageFetcher(hosts: ["127.0.0.1:1"], maximumBytes: 4096) { _ in true }
        #expect(try await predict("http://127.0.0.1:1/a.png", service(fetcher: fetcher)).status == 422)
    }
}
