/// The format of an ``ImageFile``.
package enum ImageFileFormat: String, Sendable, CaseIterable {
    case png, jpeg
    case webP = "webp"
    case tiff, pdf

    /// The first bytes of files; nil is any byte.
    private static let signatures: [(format: ImageFileFormat, start: [UInt8?])] = [
        (.png, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        (.jpeg, [0xFF, 0xD8, 0xFF]),
        (.webP, Array("RIFF".utf8) + [nil, nil, nil, nil] + Array("WEBP".utf8)),
        (.tiff, Array("II*\0".utf8)), (.tiff, Array("MM\0*".utf8)),
        // BigTIFF.
        (.tiff, Array("II+\0".utf8)), (.tiff, Array("MM\0+".utf8)),
        (.pdf, Array("%PDF-".utf8)),
    ]

    /// The format of the first bytes; a file that is truncated within its signature still has that format.
    package init?(detecting bytes: [UInt8]) {
        let match = Self.signatures.first { signature in
            zip(signature.start, bytes).allSatisfy { $0 == nil || $0 == $1 }
        }
        guard let match else { return nil }
        self = match.format
    }
}
