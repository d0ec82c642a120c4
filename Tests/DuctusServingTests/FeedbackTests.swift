import DuctusServing
import DuctusTestSupport
import Testing

/// Corrections become data.
@Suite struct FeedbackTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func body(_ page: String, image: [UInt8] = Pictures.page) -> String {
        "{\"image\": \"\(Pictures.url(image))\", \"page\": \(page)}"
    }

    private let page =
        "{\"image\": \"../../evil.png\", \"lines\": [{\"text\": \"la mer\", \"box\": [10, 20, 60, 500], \"baseline\": "
        + "[[10, 30], [70, 30]]}]}"

    @Test func aCorrectedPageIsKeptBesideItsImage() async throws {
        let service = try service(["feedback": folder.file("in")])
        let answer = await service.post("/v1/feedback", json: body(page))
        #expect(answer.status == 201)
        let id = try #require(answer["id"]?.string)
        let names = File.names(in: folder.file("in"), includingHidden: true)
        #expect(names == ["\(id).png", "\(id).xml"])
        #expect(try File.readBytes(folder.file("in/\(id).png")) == Pictures.page)
        let kept = try #require(try PageFormat.page.pages(contentsOf: folder.file("in/\(id).xml"))?.pages.first)
        #expect(kept.image == "\(id).png")
        #expect(kept.width == 100)
        #expect(kept.lines.map(\.text) == ["la mer"])
        #expect(kept.lines.first?.box == Box(x: 10, y: 20, width: 60, height: 60))
        #expect(kept.lines.first?.baseline.count == 2)
    }

    @Test func withoutADirectoryNothingIsKept() async throws {
        #expect(try await service().post("/v1/feedback", json: body(page)).status == 404)
    }

    @Test func theDirectoryHasALimit() async throws {
        let size = Pictures.page.count
        let service = try service(["feedback": folder.file("in"), "feedback-bytes": "\(2 * size + 1500)"])
        #expect(await service.post("/v1/feedback", json: body(page)).status == 201)
        #expect(await service.post("/v1/feedback", json: body(page)).status == 507)
        let names = File.names(in: folder.file("in"))
        #expect(names.count == 2)
        // When they have been taken away, there is room again.
        for name in names { try File.remove(folder.file("in/\(name)")) }
        #expect(await service.post("/v1/feedback", json: body(page)).status == 201)
    }

    @Test func whatIsNotACorrectionIsRefused() async throws {
        let service = try service(["feedback": folder.file("in")])
        func status(_ json: String) async -> Int { await service.post("/v1/feedback", json: json).status }
        #expect(await status("{}") == 400)
        #expect(await status(body("{\"image\": \"a\", \"lines\": []}")) == 400)
        #expect(
            await status(body("{\"image\": \"a\", \"lines\": [{\"text\": \"a\", \"box\": [200, 0, 9, 9]}]}")) == 400)
        #expect(await status(body(page, image: Pictures.bomb)) == 422)
        #expect(await status(body(page, image: [1, 2, 3])) == 415)
        #expect(File.names(in: folder.file("in"), includingHidden: true).isEmpty)
    }
}
