#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ReadingJob {
    /// A page that the client sends, as ``readPages()`` sent it or corrected, in another format.
    func convert() throws -> ServiceResponse {
        guard request.mediaType == "application/json" else {
            throw Problem(.unsupportedMediaType, "A page has the Content-Type application/json.")
        }
        let page = try receivedPage(request.json())
        let (format, type) = try wantedFormat(among: Self.mediaTypes.filter { $0.format != "pdf" })
        return ServiceResponse(.ok, type, try format.document([page], created: .now))
    }

    private static let maximumLines = 2000
    private static let maximumCharacters = 2000
    /// So that no width or area of what a client sends can overflow.
    private static let coordinates = -(1 << 30)...(1 << 30)

    /// A page that a client sends.
    /// - Throws: ``Problem`` for one that cannot be understood, or is larger than any page.
    func receivedPage(_ json: JSONText) throws -> Page {
        let page: Page
        do {
            page = try JSONDecoder().decode(Page.self, from: Data(json.text.utf8))
        } catch is DecodingError {
            throw Problem.malformed("The page does not have the form that /openapi.json describes.")
        } catch {
            throw Problem.malformed("The page cannot be understood: \(error)")
        }
        guard page.lines.count <= Self.maximumLines,
            page.lines.allSatisfy({ $0.text.count <= Self.maximumCharacters && $0.words.count <= $0.text.count })
        else {
            throw Problem.malformed(
                "A page has at most \(Self.maximumLines) lines of \(Self.maximumCharacters) characters.")
        }
        let points = page.lines.flatMap { $0.baseline + ($0.polygon?.points ?? []) }
        let sizes = [page.width, page.height].compactMap { $0 }
        guard points.allSatisfy({ Self.coordinates ~= $0.x && Self.coordinates ~= $0.y }),
            sizes.allSatisfy({ 0...Self.coordinates.upperBound ~= $0 })
        else { throw Problem.malformed("The page has points that are too far away.") }
        return page
    }
}
