import DuctusServing
import HTTPTypes
import Testing

/// The fields and bodies of HTTP.
@Suite struct FieldTests {
    @Test(
        arguments: [
            (nil, "a/b"), ("", "a/b"), ("*/*", "a/b"), ("c/d", "c/d"), ("c/*", "c/d"), ("a/b;q=0.5, c/d", "c/d"),
            ("a/b;q=0.5, c/d;q=0.4", "a/b"), ("*/*, a/b;q=0", "c/d"), ("A/B", "a/b"), ("x/y", nil), ("a/b;q=0", nil),
        ] as [(String?, String?)])
    func theBestMediaTypeIsChosen(field: String?, best: String?) {
        #expect(MediaRange.best(of: ["a/b", "c/d"], for: field) == best)
    }

    @Test func partsOfFormsAreFound() throws {
        let body =
            "preamble\r\n--x y\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--x y\r\n"
            + "content-disposition: form-data; name=b; filename=\"c \\\"d\\\".png\"\r\n"
            + "Content-Type: Image/PNG; a=b\r\n\r\n"
            + "\r\n--x\r\n\r\n--x y--\r\nepilogue"
        let form = try Multipart(Array(body.utf8), contentType: "multipart/form-data; charset=a; boundary=\"x y\"")
        #expect(form.parts.map(\.name) == ["a", "b"])
        #expect(form.parts.map(\.fileName) == [nil, "c \"d\".png"])
        #expect(form.parts.map(\.mediaType) == [nil, "image/png"])
        #expect(form.parts.map { String(decoding: $0.bytes, as: UTF8.self) } == ["one", "\r\n--x\r\n"])
    }

    @Test(arguments: [
        "", "--x", "--x\r\n", "--x\r\nA: b\r\n\r\n", "--x\r\nno blank line\r\n--x--", "--xy\r\n\r\n\r\n--x--", "x--x",
    ])
    func brokenFormsAreErrors(body: String) {
        #expect(throws: Problem.self) {
            try Multipart(Array(body.utf8), contentType: "multipart/form-data; boundary=x")
        }
    }

    @Test func queriesAreDecoded() {
        let request = ServiceRequest(.get, "/a%20b?c=%C3%A9+x&d&e=%zz&=f?")
        #expect(request.path == "/a%20b")
        #expect(request.query.map(\.name) == ["c", "d", "e", ""])
        #expect(request.query.map(\.value) == ["é x", "", "%zz", "f?"])
    }
}
