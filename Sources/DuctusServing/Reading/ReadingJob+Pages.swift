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
        let wanted = wantsEvents ? nil : try wantedFormat(among: Self.mediaTypes)
        let isLine = try flag("lines")
        let reader = try models.pages(in: request.queryValue("language"))
        let images = try images()
        guard let (format, type) = wanted else { return try stream(images, with: reader, asLines: isLine) }
        if let maximum = format.maximumPages, images.pages.count > maximum {
            throw PageFormatError.severalPages(format.name, images: images.pages.map(\.name))
        }
        var encoded: [EncodedImage] = []
        let pages = try map(images) { image, name in
            if format.embedsImages { encoded.append(try EncodedImage(image)) }
            let page = read(image, name: name, asLine: isLine, with: reader)
            service.metrics.observe(page)
            return page
        }
        if format.name == PageFormat.json.name { return try json(pages, areSeveral: images.areSeveral) }
        return ServiceResponse(.ok, type, try format.document(pages, images: encoded, created: .now))
    }

    /// Whether the client prefers events to any format, and does not name one.
    private var wantsEvents: Bool {
        let types = Self.mediaTypes.map(\.type) + [ServerEvent.mediaType]
        return request.queryValue("format") == nil
            && MediaRange.best(of: types, for: request.headers[.accept]) == ServerEvent.mediaType
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

    /// Lines as they are read, then every page: the events `start`, `line`, `page`, and at the end `done`, or `error`.
    private func stream(
        _ images: ReceivedImages, with reader: any PageRecognizer, asLines isLine: Bool
    ) throws -> ServiceResponse {
        var begun: EventSource?
        do {
            for page in images.pages {
                let image = try decode(page)
                let events = begun ?? EventSource(for: self)
                begun = events
                try events.send("start", Size(image: page.name, width: image.width, height: image.height))
                let found = read(image, name: page.name, asLine: isLine, with: reader) { line in
                    // Whether anyone receives it is seen at the next event.
                    try? events.send("line", line)
                }
                service.metrics.observe(found)
                try events.send("page", found)
            }
            try begun?.send("done", ["pages": images.pages.count])
        } catch {
            // The status says what is wrong with the first page; after that, it has been sent.
            guard let begun else { throw error }
            try? begun.send("error", service.problem(for: error).json(for: request))
        }
        begun?.finish()
        // The response has been given already, unless there is no page.
        return ServiceResponse(events: AsyncStream { $0.finish() })
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

/// The events of a response that has begun.
private struct EventSource {
    private let pieces: AsyncStream<[UInt8]>.Continuation

    /// Gives a job a response that consists of events.
    init(for job: ReadingJob) {
        let (stream, pieces) = AsyncStream<[UInt8]>.makeStream()
        self.pieces = pieces
        job.response.give(.success(job.labeled(ServiceResponse(events: stream))))
    }

    /// - Throws: `CancellationError` if nobody receives events any longer.
    func send(_ name: String, _ value: some Encodable) throws {
        let data = try JSONEncoder.sorted.encode(value)
        let piece = ServerEvent(name: name, data: String(decoding: data, as: UTF8.self)).bytes
        if case .terminated = pieces.yield(piece) { throw CancellationError() }
    }

    func finish() { pieces.finish() }
}
