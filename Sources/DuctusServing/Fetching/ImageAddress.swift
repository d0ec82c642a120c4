/// The address of an image: `http` or `https`, a host, and what is asked of it.
///
/// Taken apart here, and put together again for the request, so that no two programs understand it differently.
struct ImageAddress: Equatable {
    let isSecure: Bool
    /// In lowercase; an IPv6 address without its brackets.
    let host: String
    let port: Int
    /// The path and query.
    let target: String

    private static let maximumBytes = 2048
    /// Characters that RFC 3986 does not allow in an address, among those that can be seen.
    private static let forbidden = Set("\"<>\\^`{|}".utf8)

    /// - Throws: ``Problem`` for anything but an absolute address without a user's name.
    init(_ text: String) throws(Problem) {
        guard text.utf8.count <= Self.maximumBytes,
            text.utf8.allSatisfy({ 0x21...0x7E ~= $0 && !Self.forbidden.contains($0) }),
            let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://")
        else { throw Self.malformed }
        switch text[..<colon].lowercased() {
        case "http": isSecure = false
        case "https": isSecure = true
        default: throw Self.malformed
        }
        let rest = text[colon...].dropFirst("://".count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let path = rest[authority.endIndex...].prefix { $0 != "#" }
        target = path.hasPrefix("/") ? String(path) : "/\(path)"
        (host, port) = try Self.split(authority, defaultPort: isSecure ? 443 : 80)
    }

    private static let malformed = Problem.malformed(
        "The value of image_url must be an address such as https://example.org/image.png, without a user's name.")

    private static func split(
        _ authority: Substring, defaultPort: Int
    ) throws(Problem) -> (host: String, port: Int) {
        var host = authority
        var rest = authority[authority.endIndex...]
        if authority.hasPrefix("[") {
            guard let bracket = authority.firstIndex(of: "]") else { throw malformed }
            host = authority[..<bracket].dropFirst()
            rest = authority[bracket...].dropFirst()
            guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
                throw malformed
            }
        } else {
            host = authority.prefix { $0 != ":" }
            rest = authority[host.endIndex...]
            guard !host.isEmpty, host.count <= 253,
                host.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "." })
            else { throw malformed }
        }
        if rest.isEmpty { return (host.lowercased(), defaultPort) }
        let digits = rest.dropFirst()
        guard rest.hasPrefix(":"), digits.count <= 5, digits.allSatisfy(\.isNumber), let port = Int(digits),
            1...65_535 ~= port
        else { throw malformed }
        return (host.lowercased(), port)
    }

    /// Whether the port is that of the scheme.
    var hasDefaultPort: Bool { port == (isSecure ? 443 : 80) }

    /// The host, with its port unless that is the one of the scheme: the field `Host`.
    var authority: String { hasDefaultPort ? shownHost : hostAndPort }

    /// The host with its port.
    var hostAndPort: String { "\(shownHost):\(port)" }

    private var shownHost: String { host.contains(":") ? "[\(host)]" : host }
}
