#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ReadingJob {
    /// The media types of the formats of pages; the first is the default.
    static let mediaTypes: [(type: String, format: String)] = [
        ("application/json", "json"), ("text/plain", "text"), ("text/tab-separated-values", "tsv"),
        ("text/html", "hocr"), ("application/alto+xml", "alto"), ("application/page+xml", "page"),
        ("application/xml", "alto"), ("application/pdf", "pdf"),
    ]
    /// The pages in the images, in the format that the client accepts, or as events.
    func readPages() throws -> ServiceResponse {
        let ranges = MediaRange.all(request.headers[.accept] ?? "")
        let wantsEvents = ranges.contains { "\($0.type)/\($0.subtype)" == "text/event-stream" && $0.quality > 0 }
        let wanted = wantsEvents ? nil : try wantedFormat(among: Self.mediaTypes)
        let isLine = try flag("lines")
        let reader = try models.pages(in: request.queryValue("language"))
        let images = try images()
        guard let (format, type) = wanted else { return stream(images, with: reader, asLines: isLine) }
        if let maximum = format.maximumPages, images.pages.count > maximum {
            throw PageFormatError.severalPages(format.name, images: images.pages.map(\.name))
        }
        let pages = images.pages.map { isLine ? readLine($0, with: reader) : read($0, with: reader) }
        if format.name == PageFormat.json.name { return try json(pages, areSeveral: images.areSeveral) }
        let encoded = format.embedsImages ? try images.pages.map { try EncodedImage($0.decoded) } : []
        return ServiceResponse(.ok, type, try format.document(pages, images: encoded, created: .now))
    }

    /// The format that the query names, or the client accepts, with its media type.
    func wantedFormat(among offers: [(type: String, format: String)]) throws -> (PageFormat, type: String) {
        let types = offers.map(\.type)
        guard let name = request.queryValue("format") else {
            guard let type = MediaRange.best(of: types, for: request.headers[.accept]),
                let offer = offers.first(where: { $0.type == type }), let format = Registries.pageFormats[offer.format]
            else { throw Problem(.notAcceptable, "A page can be sent as \(types.joined(separator: ", ")).") }
            return (format, Self.contentType(type))
        }
        guard let format = Registries.pageFormats[name], let offer = offers.first(where: { $0.format == name }) else {
            let names = Set(offers.map(\.format)).sorted().joined(separator: ", ")
            throw Problem.malformed("The value of format must be one of \(names).")
        }
        return (format, Self.contentType(offer.type))
    }

    private static func contentType(_ type: String) -> String {
        type.hasPrefix("text/") ? "\(type); charset=utf-8" : type
    }

    /// A page as its object, several as an array of them.
    private func json(_ pages: [Page], areSeveral: Bool) throws -> ServiceResponse {
        let objects = try pages.map { try PageFormat.json.render([$0]).dropLast() }.joined(separator: ",\n")
        return ServiceResponse(.ok, "application/json", Array((areSeveral ? "[\(objects)]\n" : "\(objects)\n").utf8))
    }

    /// Lines as they are read, then every page: the events `line`, `page`, and at the end `done`.
    private func stream(
        _ images: ReceivedImages, with reader: any PageRecognizer, asLines isLine: Bool
    ) -> ServiceResponse {
        let (pieces, source) = AsyncStream<[UInt8]>.makeStream()
        let early = ServiceResponse(events: pieces)
        response.give(.success(early))
        func send(_ name: String, _ value: some Encodable) {
            // Text, and numbers that are finite.
            guard let data = try? JSONEncoder.sorted.encode(value) else { return }
            source.yield(ServerEvent(name: name, data: String(decoding: data, as: UTF8.self)).bytes)
        }
        for image in images.pages {
            send("start", Size(image: image.name, width: image.decoded.width, height: image.decoded.height))
            let page =
                isLine ? readLine(image, with: reader) : read(image, with: reader) { send("line", $0) }
            send("page", page)
        }
        send("done", ["pages": images.pages.count])
        source.finish()
        return early
    }

    private struct Size: Encodable {
        let image: String
        let width: Int
        let height: Int
    }

    private func flag(_ name: String) throws -> Bool {
        switch request.queryValue(name) {
        case nil, "false", "0": false
        case "true", "1", "": true
        default: throw Problem.malformed("The value of \(name) must be true or false.")
        }
    }
}
