import DuctusManifests
import DuctusTestSupport
import Synchronization
import Testing

/// What becomes of a download when the server is at fault.
@Suite struct DownloadTests {
    private static let contents = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
    private static let half = 150_000
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A store that does not wait long, and what it notes.
    private func store() -> DataStore {
        var store = DataStore(directory: folder.file("store"))
        store.downloading.attempts = 3
        store.downloading.pause = .milliseconds(1)
        store.downloading.idleTimeout = .milliseconds(400)
        store.note = { _ in }
        return store
    }

    /// A data set of one file.
    private func manifest(_ urls: String..., hash: Bool = true, size: Bool = true) -> DataManifest {
        var source = DataManifest.Source()
        (source.file, source.urls) = ("digits.bin", urls)
        if hash { source.sha256 = ContentHash(Self.contents).description }
        if size { source.bytes = Self.contents.count }
        var manifest = DataManifest()
        (manifest.name, manifest.sources) = ("digits", [source])
        return manifest
    }

    /// Expects that the file arrives whole.
    private func expectFile(_ manifest: DataManifest, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let data = try store().fetch(manifest)
        #expect(
            try File.readBytes("\(data.directory)/digits.bin") == Self.contents, sourceLocation: sourceLocation)
        #expect(File.tree(folder.file("store/partial")) == ["digits@1.lock"], sourceLocation: sourceLocation)
    }

    /// Expects that nothing arrives, for a reason.
    private func expectFailure(
        _ manifest: DataManifest, _ reason: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: DownloadError.self, sourceLocation: sourceLocation) {
            try store().fetch(manifest)
        }
        let text = error?.description ?? ""
        #expect(text.contains(reason), "\(text)", sourceLocation: sourceLocation)
        #expect(isOneSentence(text, about: "digits.bin"), "\(text)", sourceLocation: sourceLocation)
        #expect(File.tree(folder.file("store/data")).isEmpty, sourceLocation: sourceLocation)
        #expect(File.tree(folder.file("store/objects")).isEmpty, sourceLocation: sourceLocation)
    }

    @Test func aWholeFile() throws {
        let server = try LocalServer { .file(Self.contents, $0) }
        try expectFile(manifest(server.url()))
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [true, false])
    func aCutConnectionIsContinued(isHashKnown: Bool) throws {
        let server = try LocalServer { .file(Self.contents, $0, sent: 100_000) }
        try expectFile(manifest(server.url(), hash: isHashKnown, size: isHashKnown))
        #expect(server.requests.map(\.start) == [0, 100_000, 200_000])
        #expect(server.requests[1].headers["if-range"] == "\"1\"")
    }

    @Test func aPartOfAnUnknownFileIsNotContinued() throws {
        let server = try LocalServer { .file(Self.contents, $0, tag: nil, sent: $0.number == 0 ? Self.half : .max) }
        try expectFile(manifest(server.url(), hash: false, size: false))
        // Neither a hash nor a tag could tell whether the file is still the same.
        #expect(server.requests.map(\.start) == [0, 0])
    }

    @Test func aDownloadContinuesInAnotherProgram() throws {
        let server = try LocalServer { request in
            request.number == 0
                ? .file(Self.contents, request, sent: Self.half)
                : request.number < 3 ? .status("503 Service Unavailable") : .file(Self.contents, request)
        }
        let manifest = manifest(server.url(), hash: false)
        #expect(throws: DownloadError.self) { try store().fetch(manifest) }
        try expectFile(manifest)
        #expect(server.requests.last?.start == Self.half)
    }

    @Test func aWrongHashIsRefusedAndTheNextAddressTried() throws {
        let wrong = try LocalServer { .file(Self.contents.reversed(), $0) }
        expectFailure(manifest(wrong.url()), "has a file with the SHA-256 ")
        let right = try LocalServer { .file(Self.contents, $0) }
        try expectFile(manifest(wrong.url(), right.url()))
    }

    @Test func aSlowLinkIsWaitedFor() throws {
        // Slower in all than the time that a silent server is given.
        let server = try LocalServer { request in
            var answer = LocalServer.Answer.file(Self.contents, request, chunk: 30_000)
            answer.pause = .milliseconds(80)
            return answer
        }
        try expectFile(manifest(server.url()))
        #expect(server.requests.count == 1)
    }

    @Test func aRedirectionIsFollowed() throws {
        let server = try LocalServer { request in
            request.path == "there"
                ? .file(Self.contents, request, sent: 200_000)
                : .status("302 Found", headers: "Location: /there")
        }
        try expectFile(manifest(server.url()))
        #expect(server.requests.map(\.path) == ["file", "there", "file", "there"])
        #expect(server.requests.map(\.start) == [0, 0, 200_000, 200_000])
    }

    @Test func aLoopOfRedirectionsIsLeft() throws {
        let server = try LocalServer { request in
            .status("302 Found", headers: "Location: /\(request.path == "a" ? "b" : "a")")
        }
        expectFailure(manifest(server.url()), "redirects more than 10 times")
        // libcurl repeats a request whose connection it lost.
        let paths = server.requests.map(\.path)
        #expect(zip(paths, paths.dropFirst()).count { $0 != $1 } == 10)
    }

    @Test func aMissingFileIsNotAskedForAgain() throws {
        let missing = try LocalServer { _ in .status("404 Not Found") }
        expectFailure(manifest(missing.url()), "answered 404")
        #expect(missing.requests.count == 1)
        let right = try LocalServer { .file(Self.contents, $0) }
        try expectFile(manifest(missing.url(), right.url()))
    }

    @Test func aServerInTroubleIsAskedAgain() throws {
        let server = try LocalServer { request in
            request.number < 2
                ? .status(
                    request.number == 0 ? "500 Internal Server Error" : "429 Too Many Requests",
                    headers: "Retry-After: 0")
                : .file(Self.contents, request)
        }
        try expectFile(manifest(server.url()))
        #expect(server.requests.count == 3)
    }

    @Test func aServerThatStaysInTroubleIsLeft() throws {
        let server = try LocalServer { _ in .status("503 Service Unavailable") }
        expectFailure(manifest(server.url()), "answered 503")
        #expect(server.requests.count == 3)
    }

    @Test func anIgnoredRangeBeginsAnew() throws {
        let server = try LocalServer { request in
            let whole = LocalServer.Request(path: "", headers: [:], number: 0)
            return .file(Self.contents, whole, sent: request.number == 0 ? Self.half : .max)
        }
        try expectFile(manifest(server.url()))
        #expect(server.requests.map(\.start) == [0, Self.half])
    }

    @Test func anotherRangeBeginsAnew() throws {
        let server = try LocalServer { request in
            guard request.start > 0 else {
                return .file(Self.contents, request, sent: request.number == 0 ? Self.half : .max)
            }
            let other = LocalServer.Request(path: "", headers: ["range": "bytes=\(request.start - 10)-"], number: 0)
            return .file(Self.contents, other)
        }
        try expectFile(manifest(server.url()))
        #expect(server.requests.map(\.start) == [0, Self.half, 0])
    }

    @Test(arguments: [true, false])
    func aFileThatChangesBetweenItsPartsBeginsAnew(isConditionObserved: Bool) throws {
        let old = [UInt8](repeating: 7, count: Self.contents.count)
        let server = try LocalServer { request in
            if request.number == 0 { return .file(old, request, tag: "\"old\"", sent: Self.half) }
            var request = request
            if !isConditionObserved {
                request = LocalServer.Request(
                    path: "", headers: request.headers.filter { $0.key == "range" }, number: request.number)
            }
            return .file(Self.contents, request, tag: "\"new\"")
        }
        // Without a hash only the tag can tell.
        try expectFile(manifest(server.url(), hash: false, size: false))
        #expect(server.requests.count == (isConditionObserved ? 2 : 3))
    }

    @Test func aBodyThatIsAlwaysTooShortIsRefused() throws {
        let server = try LocalServer { request in
            let whole = LocalServer.Request(path: "", headers: [:], number: 0)
            return .file(Self.contents, whole, sent: Self.half)
        }
        let error = #expect(throws: DownloadError.self) {
            try store().fetch(manifest(server.url(), hash: false, size: false))
        }
        #expect(error?.description.contains("broke off the connection") ?? false, "\(String(describing: error))")
        #expect(server.requests.count == 3)
    }

    @Test func aFileOfAnotherSizeIsRefused() throws {
        let server = try LocalServer { .file(Self.contents + [0], $0) }
        expectFailure(manifest(server.url()), "has a file of 300001 bytes in place of 300000")
        let endless = try LocalServer { _ in
            .init(head: "HTTP/1.1 200 OK", parts: Array(repeating: Self.contents, count: 4))
        }
        expectFailure(manifest(endless.url()), "has a file of more than 300000 bytes")
    }

    @Test func anEncodedBodyIsDecoded() throws {
        let encoded = gzip(Self.contents)
        let server = try LocalServer { request in
            .init(
                head: "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nETag: \"1\"\r\nContent-Length: \(encoded.count)",
                parts: [encoded])
        }
        try expectFile(manifest(server.url()))
        #expect(server.requests.allSatisfy { $0.headers["accept-encoding"]?.contains("gzip") != true })
    }

    @Test func aStalledServerIsLeft() throws {
        let stalled = try LocalServer { request in
            var answer = LocalServer.Answer.file(Self.contents, request, sent: request.number == 0 ? Self.half : 0)
            answer.closing = .seconds(3)
            return answer
        }
        expectFailure(manifest(stalled.url()), "sent nothing for 0 s")
        let right = try LocalServer { .file(Self.contents, $0) }
        // The part that the first address sent is continued, as the hash tells whether it was right.
        try expectFile(manifest(right.url()))
        #expect(right.requests.map(\.start) == [Self.half])
    }

    @Test func nobodyAnswers() throws {
        let port = try LocalServer { .file(Self.contents, $0) }.port
        expectFailure(manifest("http://127.0.0.1:\(port)/file"), "http://127.0.0.1:\(port)/file ")
    }

    #if os(Linux)
        @Test(.enabled(if: SmallDisk.isPossible, "needs the right to mount a file system"))
        func aFullDiskIsReportedAndTheRestFetchedLater() throws {
            let server = try LocalServer { .file(Self.contents, $0) }
            let disk = try SmallDisk(at: folder.file("store"), kilobytes: 200)
            defer { disk.unmount() }
            let error = #expect(throws: DataStoreError.self) { try store().fetch(manifest(server.url())) }
            #expect(error?.description.contains("only 204800 are free; make room") == true)
            #expect(server.requests.isEmpty)
            try disk.resize(kilobytes: 4096)
            try expectFile(manifest(server.url()))
        }
    #endif

    @Test func severalFetchesAtOnceDownloadOnce() async throws {
        let server = try LocalServer { request in
            var answer = LocalServer.Answer.file(Self.contents, request, chunk: 30_000)
            answer.pause = .milliseconds(20)
            return answer
        }
        let (manifest, store) = (manifest(server.url()), store())
        let directories = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<4 {
                group.addTask { try await onThread { try store.fetch(manifest).directory } }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(directories).count == 1)
        #expect(server.requests.count == 1)
    }
}
