import DuctusServing
import DuctusTestSupport
import HTTPTypes
import Hummingbird
import Logging
import ServiceLifecycle
import Synchronization
import Testing

/// A recognizer that finds the same two lines on every page, as soon as it may.
struct FixedReader: PageRecognizer {
    var decoding = Decoding.bestPath
    /// The lines of a page.
    var found = Self.lines
    /// Called before a page is read.
    var willRead: @Sendable () -> Void = {}

    static let lines = [
        Page.Line(
            text: "La mer", confidence: 0.9, box: Box(x: 10, y: 20, width: 60, height: 12),
            baseline: [.init(x: 10, y: 30), .init(x: 70, y: 30)],
            words: [
                Page.Word(text: "La", confidence: 0.95, box: Box(x: 10, y: 20, width: 20, height: 12)),
                Page.Word(text: "mer", confidence: 0.85, box: Box(x: 35, y: 20, width: 35, height: 12)),
            ]),
        Page.Line(text: "ciel", confidence: 0.5, box: Box(x: 10, y: 50, width: 40, height: 12)),
    ]

    func read(_ page: Image, name: String, whenRead: (Page.Line) -> Void) -> Page {
        willRead()
        for line in found { whenRead(line) }
        return Page(image: name, width: page.width, height: page.height, lines: found)
    }

    func readLine(_ image: Image, name: String) -> Page {
        willRead()
        return Page(image: name, width: image.width, height: image.height, lines: [Self.lines[0]])
    }
}

/// A service with a ``FixedReader``.
func service(
    _ settings: [String: String] = [:], fetcher: ImageFetcher? = nil, found: [Page.Line] = FixedReader.lines,
    lines: LineReader? = nil, characters: CharacterPredictor? = nil, willRead: @escaping @Sendable () -> Void = {}
) throws -> ReadingService {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return try ReadingService(
        ServerSettings([.init(settings) { "--\($0)" }]),
        models: Models(
            pages: FixedReader(found: found, willRead: willRead), lines: lines, characters: characters,
            version: "0123456789ab"),
        fetcher: fetcher, logger: logger)
}

extension ReadingService {
    func get(_ target: String, _ headers: HTTPFields = [:]) async -> Answer {
        await Answer(respond(to: ServiceRequest(.get, target, headers: headers)))
    }

    func post(_ target: String, _ type: String?, _ body: [UInt8], _ headers: HTTPFields = [:]) async -> Answer {
        var headers = headers
        headers[.contentType] = type
        return await Answer(respond(to: ServiceRequest(.post, target, headers: headers, body: body)))
    }

    func post(_ target: String, json: String, _ headers: HTTPFields = [:]) async -> Answer {
        await post(target, "application/json", Array(json.utf8), headers)
    }
}

/// How often something has happened.
final class Counter: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .relaxed) }
    func add() { count.add(1, ordering: .relaxed) }
}

/// A response with all of its body.
struct Answer {
    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]

    init(_ response: ServiceResponse) async {
        (status, headers, bytes) = (response.status.code, response.headers, await response.collected())
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }
    /// The body as JSON; null if it is none.
    var json: JSONText { (try? JSONText(parsing: bytes)) ?? .null }
    subscript(_ key: String) -> JSONText? { json.object?[key] }
}

/// Images as clients send them.
enum Pictures {
    /// A page of 100 × 80 pixels.
    static let page = png(width: 100, height: 80)
    /// A line, which is much wider than high.
    static let line = png(width: 200, height: 30)

    static func png(width: Int, height: Int) -> [UInt8] {
        var image = Image(width: width, height: height, filledWith: 255)
        for x in 10..<(width - 10) { image[x, height / 2] = 0 }
        return (try? image.pngData()) ?? []
    }

    /// A PNG whose header promises more pixels than memory, and than its bytes, can hold.
    static var bomb: [UInt8] {
        let header: [UInt8] = Array("IHDR".utf8) + bigEndian(65_000) + bigEndian(65_000) + [8, 2, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + bigEndian(13) + header + bigEndian(crc(header))
            + page[33...]
    }

    /// The checksum of a chunk of a PNG.
    private static func crc(_ bytes: [UInt8]) -> Int {
        var crc: UInt32 = ~0
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return Int(~crc)
    }

    /// The base64 of some bytes.
    static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                text.append(place <= group.count ? digits[bits >> (18 - 6 * place) & 63] : "=")
            }
        }
        return text
    }

    /// A data URL with a PNG.
    static func url(_ bytes: [UInt8]) -> String { "data:image/png;base64,\(base64(bytes))" }

    /// A form with files.
    static func form(_ files: [[UInt8]]) -> [UInt8] {
        files.enumerated().flatMap { index, bytes in
            Array(
                ("--edge\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a\(index).png\"\r\n"
                    + "Content-Type: image/png\r\n\r\n").utf8) + bytes + Array("\r\n".utf8)
        } + Array("--edge--\r\n".utf8)
    }
}

/// Runs a server on a free port meanwhile.
func withPort(of router: Router<BasicRequestContext>, _ body: (Int) async throws -> Void) async throws {
    let (ports, source) = AsyncStream<Int>.makeStream()
    let application = Application(
        router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { source.yield($0.localAddress?.port ?? 0) })
    let task = Task { try await application.run() }
    defer { task.cancel() }
    let port = try #require(await ports.first { _ in true })
    try await body(port)
}

/// Runs a server on a free port, and shuts it down in the end.
func withServer(_ service: ReadingService, _ body: (RuntimeClient) async throws -> Void) async throws {
    let (ports, source) = AsyncStream<Int>.makeStream()
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let group = ServiceGroup(services: [try Server(service) { source.yield($0) }], logger: logger)
    let task = Task { try await group.run() }
    let port = try #require(await ports.first { _ in true })
    try await body(RuntimeClient(host: "127.0.0.1", port: port))
    await group.triggerGracefulShutdown()
    try await task.value
}
