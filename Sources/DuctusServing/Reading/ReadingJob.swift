import Tracing

/// A request whose turn to be read has come.
struct ReadingJob {
    let service: ReadingService
    let request: ServiceRequest
    let models: Models
    /// When nobody waits for the response any longer.
    let deadline: ContinuousClock.Instant
    /// The request among those for lines, if it is one.
    let entry: WaitingLines.Entry?
    /// The response, which may be given before the job ends.
    let response: OneShot<ServiceResponse>

    /// The images in the body.
    func images() throws -> ReceivedImages { try ReceivedImages(request, limits: service.settings.imageLimits) }

    /// A response with the version of the weights that it was read with, which may be others by the time that it is sent.
    func labeled(_ response: ServiceResponse) -> ServiceResponse {
        var response = response
        response.headers[.model] = models.version
        return response
    }

    /// Decodes a page, unless the deadline has passed.
    func decode(_ page: ReceivedImages.Page) throws -> DecodedImage {
        guard ContinuousClock.now < deadline else { throw ReadingQueue.isLate }
        let decoded = try withSpan("decode") { _ in try page.decode() }
        service.metrics.observe(decoded)
        return decoded
    }

    /// Decodes one page after the other, and makes something of each, as long as the response is waited for.
    func map<Value>(
        _ images: ReceivedImages, _ transform: (_ image: DecodedImage, _ name: String) throws -> Value
    ) throws -> [Value] {
        try images.pages.map { page in
            guard response.isPending else { throw CancellationError() }
            return try transform(decode(page), page.name)
        }
    }

    /// Reads an image as a page or as a single line, in pixels of the image as it was sent.
    func read(
        _ decoded: DecodedImage, name: String, asLine isLine: Bool = false, with reader: any PageRecognizer,
        whenRead: (Page.Line) -> Void = { _ in }
    ) -> Page {
        func original(_ page: Page) -> Page {
            page.scaled(by: decoded.reduction, width: decoded.width, height: decoded.height)
        }
        if isLine { return original(withSpan("read line") { _ in reader.readLine(decoded.image, name: name) }) }
        let found = withSpan("read page") { _ in
            reader.read(decoded.image, name: name) { line in
                let single = Page(
                    image: name, width: decoded.image.width, height: decoded.image.height, lines: [line])
                for line in original(single).lines { whenRead(line) }
            }
        }
        return original(found)
    }
}

extension Page {
    /// The mean confidence of the lines, each as often as it has characters; 0 without text.
    var confidence: Double {
        let count = lines.reduce(0) { $0 + $1.text.count }
        let sum = lines.reduce(0) { $0 + ($1.confidence ?? 0) * Double($1.text.count) }
        return count > 0 ? sum / Double(count) : 0
    }
}
