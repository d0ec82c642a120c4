#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The bytes in a URL such as `data:image/png;base64,iVBORw0…`; RFC 2397.
enum DataURL {
    /// - Parameter key: the key of the URL in the body, for errors.
    /// - Throws: ``Problem`` for anything but the base64 of an image: a path and another address are never followed.
    static func bytes(_ text: String, key: String) throws -> [UInt8] {
        let parts = text.utf8.split(separator: UInt8(ascii: ","), maxSplits: 1, omittingEmptySubsequences: false)
        let header = String(parts[0].prefix(200)) ?? ""
        let fields = header.lowercased().split(separator: ";", omittingEmptySubsequences: false)
        guard parts.count == 2, fields.count >= 2, fields.last == "base64", fields[0].hasPrefix("data:") else {
            throw Problem.malformed(
                "The key \"\(key)\" must have the form data:image/png;base64,… with the base64 of an image.")
        }
        let type = fields[0].dropFirst("data:".count)
        guard type.hasPrefix("image/") || type == "application/pdf" || type == "application/octet-stream" else {
            throw Problem(.unsupportedMediaType, "The data of the key \"\(key)\" are not of an image type.")
        }
        guard let bytes = decoded(parts[1]) else {
            throw Problem.malformed("The data of the key \"\(key)\" are not base64 (RFC 4648, with its padding).")
        }
        return bytes
    }

    /// Bytes from base64 without anything else in it; nil otherwise.
    static func decoded(_ text: some Sequence<UInt8>) -> [UInt8]? { Data(base64Encoded: Data(text)).map { Array($0) } }
}
