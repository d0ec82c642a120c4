extension ReadingJob {
    /// An image at least this many times as wide as high shows a single line.
    private static let lineAspect = 4.0

    /// The text in an image of a line or of a page, as `{"pred": …, "conf": …}`. The lines of a page are joined by
    /// newlines.
    func predict() throws -> ServiceResponse {
        let images = try images()
        guard let first = images.pages.first, !images.areSeveral else {
            throw Problem.malformed("\(request.path) takes one image; send several to /v1/read.")
        }
        let image = try decode(first)
        let isLine = Double(image.width) >= Self.lineAspect * Double(image.height)
        var page = read(image, name: first.name, asLine: isLine, with: models.pages)
        if !isLine, page.lines.isEmpty { page = read(image, name: first.name, asLine: true, with: models.pages) }
        service.metrics.observe(page)
        return ServiceResponse(
            json: .object(["pred": .string(page.text), "conf": .number("\(page.confidence)")]))
    }
}
