extension ReadingJob {
    /// An image at least this many times as wide as high shows a single line.
    private static let lineAspect = 4.0

    /// The text in an image of a line or of a page, as `{"pred": …, "conf": …}`. The lines of a page are joined by
    /// newlines.
    func predict() throws -> ServiceResponse {
        let images = try images()
        guard let image = images.pages.first, !images.areSeveral else {
            throw Problem.malformed("\(request.path) takes one image; send several to /v1/read.")
        }
        let isLine = Double(image.decoded.width) >= Self.lineAspect * Double(image.decoded.height)
        var page = isLine ? readLine(image, with: models.pages) : read(image, with: models.pages)
        if !isLine, page.lines.isEmpty { page = readLine(image, with: models.pages) }
        return ServiceResponse(
            json: .object(["pred": .string(page.text), "conf": .number("\(page.confidence)")]))
    }
}
