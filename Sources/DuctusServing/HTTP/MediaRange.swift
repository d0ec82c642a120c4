/// An entry of an `Accept` field, such as `text/*;q=0.5`; RFC 9110, section 12.5.1.
package struct MediaRange: Equatable {
    let type: String
    let subtype: String
    let quality: Double

    /// The entries of a field; those that cannot be understood are left out.
    static func all(_ field: String) -> [MediaRange] {
        field.split(separator: ",").compactMap { entry in
            let parts = entry.lowercased().split(separator: ";").map { $0.filter { !$0.isWhitespace } }
            guard let name = parts.first else { return nil }
            let sides = name.split(separator: "/", omittingEmptySubsequences: false)
            guard sides.count == 2, sides.allSatisfy({ !$0.isEmpty }) else { return nil }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            return MediaRange(type: String(sides[0]), subtype: String(sides[1]), quality: min(max(quality, 0), 1))
        }
    }

    /// How exactly the range names a media type: 2 for its name, 1 for its first half, 0 for any; nil if it does not.
    private func exactness(for media: String) -> Int? {
        let sides = media.split(separator: "/")
        if type == "*" { return subtype == "*" ? 0 : nil }
        guard sides.count == 2, type == sides[0] else { return nil }
        return subtype == "*" ? 1 : subtype == sides[1] ? 2 : nil
    }

    /// The best of some media types for a field, of equals the first; nil if none is acceptable.
    package static func best(of offers: [String], for field: String?) -> String? {
        let ranges = all(field ?? "")
        guard !ranges.isEmpty else { return offers.first }
        var best: (offer: String, quality: Double)?
        for offer in offers {
            let matches = ranges.compactMap { range in range.exactness(for: offer).map { ($0, range.quality) } }
            guard let quality = matches.max(by: { $0.0 < $1.0 })?.1, quality > 0 else { continue }
            if quality > best?.quality ?? 0 { best = (offer, quality) }
        }
        return best?.offer
    }
}
