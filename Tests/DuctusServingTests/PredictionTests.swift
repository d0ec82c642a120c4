import DuctusServing
import Testing

/// The original interface: an image goes in, `{"pred", "conf"}` comes out.
@Suite struct PredictionTests {
    @Test(arguments: ["/v1/predict", "/v1/ocr"])
    func aLineIsReadFromADataURL(path: String) async throws {
        let answer = try await service().post(path, json: "{\"image\": \"\(Pictures.url(Pictures.line))\"}")
        #expect(answer.status == 200)
        #expect(answer.headers[.contentType] == "application/json")
        #expect(answer.json == .object(["pred": .string("La mer"), "conf": .number("0.9")]))
    }

    @Test func aPageIsReadFromAFormAndFromABody() async throws {
        let service = try service()
        let form = await service.post(
            "/v1/predict", "multipart/form-data; boundary=edge", Pictures.form([Pictures.page]))
        #expect(form["pred"] == .string("La mer\nciel"))
        let body = await service.post("/v1/predict", "image/png", Pictures.page)
        #expect(body.json == form.json)
        let conf = try #require(body["conf"]?.number)
        #expect(abs(conf - 0.74) < 1e-9)
    }

    /// An image without lines is read once more as a line, but is one page.
    @Test func anImageWithoutLinesIsOnePage() async throws {
        let service = try service(found: [])
        #expect(await service.post("/v1/predict", "image/png", Pictures.page)["pred"] == .string("La mer"))
        #expect(await service.get("/metrics").text.contains("ductus_pages_total 1\n"))
    }

    @Test(arguments: [
        ("", 400), ("no json", 400), ("[]", 400), ("{}", 400), ("{\"image\": 7}", 400), ("{\"image\": \"\"}", 400),
        ("{\"image\": \"/etc/passwd\"}", 400), ("{\"image\": \"file:///etc/passwd\"}", 400),
        ("{\"image\": \"http://127.0.0.1/a.png\"}", 400), ("{\"image_url\": \"http://127.0.0.1/a.png\"}", 400),
        ("{\"image\": \"data:image/png;base64,AA,AA\"}", 400), ("{\"image\": \"data:image/png;base64,A\"}", 400),
        ("{\"image\": \"data:image/png;base64,AA A=\"}", 400), ("{\"image\": \"data:image/png,AAAA\"}", 400),
        ("{\"image\": \"data:text/plain;base64,AAAA\"}", 415), ("{\"image\": \"data:image/png;base64,AAAA\"}", 415),
        ("{\"image\": \"data:image/png;base64,\"}", 422), ("{\"image\": \"a\", \"image\": \"b\"}", 400),
        ("{\"images\": []}", 400), (String(repeating: "[", count: 100_000), 400),
        (String(repeating: "{\"a\":", count: 100_000), 400),
    ])
    func wrongJSONIsRefused(body: String, status: Int) async throws {
        let answer = try await service().post("/v1/predict", json: body)
        #expect(answer.status == status)
        #expect(answer.headers[.contentType] == "application/problem+json")
        #expect(answer["detail"]?.string?.isEmpty == false)
    }

    @Test(
        arguments: [
            ("text/plain", 415), ("application/x-www-form-urlencoded", 415), ("multipart/form-data", 400),
            ("multipart/form-data; boundary=other", 400), ("image/png", 200), ("image/png; charset=binary", 200),
            ("application/octet-stream", 200), (nil, 200),
        ] as [(String?, Int)])
    func bodiesOfOtherTypesAreRefused(type: String?, status: Int) async throws {
        #expect(try await service().post("/v1/predict", type, Pictures.page).status == status)
    }

    @Test func compressedBodiesAreRefused() async throws {
        let service = try service()
        func status(_ encoding: String) async -> Int {
            await service.post("/v1/read", "image/png", Pictures.page, [.contentEncoding: encoding]).status
        }
        #expect(await status("gzip") == 415)
        #expect(await status("identity") == 200)
    }

    @Test func wrongImagesAreRefused() async throws {
        let service = try service()
        func status(_ bytes: [UInt8]) async -> Int { await service.post("/v1/read", "image/png", bytes).status }
        #expect(await status(Pictures.bomb) == 422)
        #expect(await status(Array(Pictures.page.dropLast(30))) == 422)
        #expect(await status(Array("GIF89a".utf8)) == 415)
        #expect(await status(Array("II*\0".utf8) + [8, 0, 0, 0]) == 415)
        #expect(await status(Array("%PDF-1.7".utf8)) == 415)
    }

    /// Every byte of an image is changed and every length of it is sent.
    @Test func damagedImagesAreAnswered() async throws {
        let service = try service()
        for place in Pictures.page.indices {
            var bytes = Pictures.page
            bytes[place] ^= 0x5A
            let changed = await service.post("/v1/read", "image/png", bytes).status
            #expect([200, 413, 415, 422].contains(changed), "byte \(place)")
            let cut = await service.post("/v1/read", "image/png", Array(Pictures.page[..<place])).status
            #expect([200, 400, 415, 422].contains(cut), "length \(place)")
        }
    }

    @Test func bodiesHaveALimit() async throws {
        let service = try service(["max-bytes": "1024"])
        #expect(await service.post("/v1/read", "image/png", [UInt8](repeating: 0, count: 1025)).status == 413)
        #expect(await service.post("/v1/read", "image/png", Pictures.page).status == 200)
    }

    @Test func aRequestHasALimitOfPages() async throws {
        let body = Pictures.form([Pictures.page, Pictures.page, Pictures.page])
        let answer = try await service(["max-pages": "2"]).post("/v1/read", "multipart/form-data; boundary=edge", body)
        #expect(answer.status == 413)
    }
}
