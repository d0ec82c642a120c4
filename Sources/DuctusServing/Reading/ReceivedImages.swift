/// The pages of the images in a request. They are decoded one after the other, since all together may need more memory
/// than there is.
struct ReceivedImages {
    /// A page of an image.
    struct Page {
        let name: String
        let decode: () throws -> DecodedImage
    }

    let pages: [Page]
    /// Whether there were several images, or one with several pages.
    var areSeveral: Bool { pages.count > 1 }

    /// The images in the body, which is JSON, a form, or an image itself.
    ///
    /// - Throws: ``Problem``, or `ImageError` for what is no image.
    init(_ request: ServiceRequest, limits: ImageLimits) throws {
        guard !request.body.isEmpty else { throw Problem.malformed("The body is empty; send an image in it.") }
        let type = request.mediaType
        switch type {
        case "application/json": try self.init(json: request.json(), limits: limits)
        case "multipart/form-data":
            let form = try Multipart(request.body, contentType: request.headers[.contentType] ?? "")
            let files = form.parts.filter { $0.fileName != nil || $0.mediaType?.hasPrefix("image/") == true }
            guard !files.isEmpty else {
                throw Problem.malformed("The form has no file; send an image in a part with a file name.")
            }
            try self.init(
                files.enumerated().map { (Self.shown($1.fileName) ?? "image \($0 + 1)", Array($1.bytes)) },
                limits: limits)
        case nil, "application/pdf", "application/octet-stream":
            try self.init([("image", request.body)], limits: limits)
        case let type? where type.hasPrefix("image/"): try self.init([("image", request.body)], limits: limits)
        default:
            throw Problem(
                .unsupportedMediaType,
                "The Content-Type \(Self.shown(type) ?? "") is not supported; send an image with its own type, such as "
                    + "image/png, or multipart/form-data, or application/json with the key \"image\".")
        }
    }

    private init(json: JSONText, limits: ImageLimits) throws {
        guard let members = json.object else { throw Problem.malformed("The JSON must be an object.") }
        if let unknown = members.keys.sorted().first(where: { $0 != "image" && $0 != "images" }) {
            throw Problem.malformed("The key \(JSONText.quoted(unknown)) is not known; known are image and images.")
        }
        let texts: [String]
        switch (members["image"], members["images"]) {
        case (.string(let text)?, nil): texts = [text]
        case (nil, .array(let elements)?) where !elements.isEmpty:
            texts = try elements.map { element in
                guard let text = element.string else { throw Problem.malformed("\"images\" must be strings.") }
                return text
            }
        default: throw Problem.malformed("The key \"image\" must be a string, or \"images\" an array of them.")
        }
        try self.init(
            texts.enumerated().map {
                (texts.count > 1 ? "image \($0 + 1)" : "image", try DataURL.bytes($1, key: "image"))
            }, limits: limits)
    }

    /// The pages of files. A page that is damaged, or too large, is an error when it is decoded.
    init(_ files: [(name: String, bytes: [UInt8])], limits: ImageLimits) throws {
        var pages: [Page] = []
        for (name, bytes) in files {
            try limits.check(bytes, name: name)
            let file = try ImageFile(decoding: bytes, name: name)
            guard pages.count + file.pageCount <= limits.pages else {
                throw Problem(
                    .contentTooLarge, "A request has at most \(limits.pages) pages; send the others in another.")
            }
            pages += (0..<file.pageCount).map { index in
                Page(name: file.name(ofPage: index)) { try file.page(index, maximumPixels: limits.pixels) }
            }
        }
        self.pages = pages
    }

    /// An image that came as pixels.
    init(_ image: Image) { pages = [Page(name: "image") { DecodedImage(image) }] }

    /// A name of the client as it may appear in documents and errors.
    private static func shown(_ name: String?) -> String? {
        guard let name else { return nil }
        let plain = name.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }
        let last = String(String.UnicodeScalarView(plain)).split { $0 == "/" || $0 == "\\" }.last
        return last.map { String($0.prefix(120)) }
    }
}

/// What images may be decoded.
struct ImageLimits: Sendable {
    /// The pixels of a decoded page; larger ones are reduced if they can be without memory for the whole page.
    var pixels = 40_000_000
    /// The pages of a request.
    var pages = 20
    /// The formats that are decoded.
    var formats: Set<ImageFileFormat> = [.png, .jpeg, .webP]

    /// - Throws: ``Problem`` for another format.
    func check(_ bytes: [UInt8], name: String) throws {
        guard let format = ImageFileFormat(detecting: bytes), !bytes.isEmpty, !formats.contains(format) else { return }
        throw Problem(
            .unsupportedMediaType,
            "\(name): images of the format \(format.rawValue) are not accepted here; send one of "
                + "\(formats.map(\.rawValue).sorted().joined(separator: ", ")).")
    }
}
