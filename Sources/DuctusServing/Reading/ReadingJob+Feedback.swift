import HTTPTypes
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ReadingJob {
    /// Keeps a corrected page: the image as it was sent, and a PAGE file with its lines, in the directory for feedback.
    ///
    /// The body is `{"image": "data:…", "page": …}` with a page as ``readPages()`` sends it. Names are made here, files
    /// are replaced as a whole, and together they have a limit. They are data of the kind
    /// `page` for `ductus train`, once they are sorted into folders, its splits.
    func keepFeedback() throws -> ServiceResponse {
        guard let directory = service.settings.feedback else {
            throw Problem(.notFound, "Corrections are not kept; the server was started without --feedback.")
        }
        guard request.mediaType == "application/json" else {
            throw Problem(.unsupportedMediaType, "Corrections have the Content-Type application/json.")
        }
        guard let members = try request.json().object, let text = members["image"]?.string,
            let json = members["page"], members.count == 2
        else { throw Problem.malformed("Corrections have the keys \"image\" and \"page\".") }
        let bytes = try DataURL.bytes(text, key: "image")
        let images = try ReceivedImages([("image", bytes)], limits: service.settings.imageLimits)
        guard let image = images.pages.first, !images.areSeveral, let format = ImageFileFormat(detecting: bytes) else {
            throw Problem.malformed("Corrections are of one image with one page.")
        }
        var page = try corrected(json, on: image.decode())

        let name = Self.newName()
        page.image = "\(name).\(format.rawValue)"
        let document = try PageFormat.page.document([page], created: .now)
        try service.feedback.keep(
            [(page.image, bytes), ("\(name).\(PageFormat.page.fileExtension)", document)], in: directory,
            maximumBytes: service.settings.feedbackBytes)
        return ServiceResponse(.created, json: .object(["id": .string(name), "lines": .number("\(page.lines.count)")]))
    }

    /// The page that a client sent, within the image.
    private func corrected(_ json: JSONText, on image: DecodedImage) throws -> Page {
        let page = try receivedPage(json)
        guard !page.lines.isEmpty else { throw Problem.malformed("A page of corrections has lines.") }
        let whole = Box(x: 0, y: 0, width: image.width, height: image.height)
        let lines = page.lines.map { line in
            let isInside = { (point: Polygon.Point) in 0...image.width ~= point.x && 0...image.height ~= point.y }
            return Page.Line(
                text: line.text.filter { !$0.isNewline }, box: line.box.intersection(whole),
                baseline: line.baseline.allSatisfy(isInside) ? line.baseline : [],
                polygon: line.polygon.flatMap { $0.points.allSatisfy(isInside) ? $0 : nil })
        }
        guard lines.allSatisfy({ $0.box.area > 0 }) else {
            throw Problem.malformed("Every line must have a box inside the image.")
        }
        return Page(image: "", width: image.width, height: image.height, lines: lines)
    }

    /// A name that sorts by time: `20260131-142500-3f2a9c0d5e6b7a81`.
    private static func newName() -> String {
        let time = Date.now.formatted(.iso8601.dateSeparator(.omitted).timeSeparator(.omitted))
        return time.filter { $0.isNumber || $0 == "T" }.replacing("T", with: "-") + "-" + ServiceRequest.randomID()
    }
}

/// Writes corrections, one at a time.
final class FeedbackStore: Sendable {
    /// The bytes in the directory, counted when the first correction comes, and when it seems full: corrections are taken
    /// away to train with.
    private let bytes = Mutex<Int?>(nil)

    private static func bytes(in directory: String) -> Int {
        File.names(in: directory).reduce(0) { $0 + (File.size("\(directory)/\($1)") ?? 0) }
    }

    /// Writes files that belong together, or none.
    /// - Throws: ``Problem`` if the directory is full, or `FileError`.
    func keep(_ files: [(name: String, bytes: [UInt8])], in directory: String, maximumBytes: Int) throws {
        try bytes.withLock { total in
            let new = files.reduce(0) { $0 + $1.bytes.count }
            var present = total ?? Self.bytes(in: directory)
            if present + new > maximumBytes { present = Self.bytes(in: directory) }
            guard present + new <= maximumBytes else {
                throw Problem(
                    HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage"),
                    "There is no more room for corrections on this server.")
            }
            var written: [String] = []
            do {
                for file in files {
                    try File.write(file.bytes, to: "\(directory)/\(file.name)")
                    written.append("\(directory)/\(file.name)")
                }
            } catch {
                for path in written { try? File.remove(path) }
                throw error
            }
            total = present + new
        }
    }
}
