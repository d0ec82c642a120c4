import Tracing

/// A request whose turn to be read has come.
struct ReadingJob {
    let service: ReadingService
    let request: ServiceRequest
    let models: Models
    /// The response, which may be given before the job ends.
    let response: OneShot<ServiceResponse>

    /// The images in the body.
    func images() throws -> ReceivedImages {
        let images = try withSpan("decode") { _ in
            try ReceivedImages(request, limits: service.settings.imageLimits)
        }
        service.metrics.observe(images)
        return images
    }

    /// Reads an image as a page, in pixels of the image as it was sent.
    func read(
        _ input: ReceivedImages.Page, with reader: any PageRecognizer, whenRead: (Page.Line) -> Void = { _ in }
    ) -> Page {
        let decoded = input.decoded
        func original(_ page: Page) -> Page {
            page.scaled(by: decoded.reduction, width: decoded.width, height: decoded.height)
        }
        let found = withSpan("read page") { _ in
            reader.read(decoded.image, name: input.name) { line in
                let single = Page(
                    image: input.name, width: decoded.image.width, height: decoded.image.height, lines: [line])
                for line in original(single).lines { whenRead(line) }
            }
        }
        return finished(original(found))
    }

    /// Reads an image as a single line.
    func readLine(_ input: ReceivedImages.Page, with reader: any PageRecognizer) -> Page {
        let decoded = input.decoded
        let page = withSpan("read line") { _ in reader.readLine(decoded.image, name: input.name) }
        return finished(page.scaled(by: decoded.reduction, width: decoded.width, height: decoded.height))
    }

    private func finished(_ page: Page) -> Page {
        service.metrics.observe(page)
        return page
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
