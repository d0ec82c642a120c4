#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ServerSettings {
    /// A setting that can be given by a flag, a variable of the environment, or a key of a file.
    struct Option: Sendable {
        let name: String
        /// What values it takes, as a noun.
        let values: String
        let value: @Sendable (ServerSettings) -> String
        /// Sets the value; false if the text is none.
        let apply: @Sendable (inout ServerSettings, String) -> Bool
    }

    /// All settings.
    static var options: [Option] {
        [
            text("host", "an address", \.host),
            number("port", \.port, 0...65_535),
            optional("model", "a directory or a file", \.model, absent: "pretrained"),
            optional("language", "a language", \.language, absent: "those beside the weights"),
            Option(name: "threads", values: "a number from 1 to 1024", value: threads, apply: setThreads),
            number("queue", \.queue, 1...10_000),
            number("deadline", \.deadline, 1...3600),
            number("receiving", \.receiving, 1...3600),
            number("connections", \.connections, 1...100_000),
            number("max-bytes", \.maximumBytes, 1024...(1 << 30)),
            number("max-pixels", \.maximumPixels, 10_000...ImageFile.maximumPagePixels),
            number("max-pages", \.maximumPages, 1...1000),
            Option(
                name: "formats", values: "of \(ImageFileFormat.allCases.map(\.rawValue).joined(separator: ","))",
                value: { $0.formats.sorted().joined(separator: ",") }, apply: setFormats),
            Option(
                name: "image-hosts", values: "hosts, such as example.org,example.net:8443, or *",
                value: { $0.imageHosts.isEmpty ? "none" : $0.imageHosts.sorted().joined(separator: ",") },
                apply: setImageHosts),
            optional("certificate", "a file", \.certificate),
            optional("key", "a file", \.key),
            optional("reference", "a file", \.reference, absent: "that beside the weights"),
            optional("tokens", "a file", \.tokens),
            optional("feedback", "a directory", \.feedback),
            number("feedback-bytes", \.feedbackBytes, 0...(1 << 50)),
            Option(
                name: "log", values: "one of \(levels.joined(separator: ", "))", value: { $0.log }, apply: setLog),
        ]
    }

    private static let levels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]

    @Sendable private static func threads(_ settings: ServerSettings) -> String {
        settings.threads.map { "\($0)" } ?? "one per core"
    }

    @Sendable private static func setThreads(_ settings: inout ServerSettings, _ text: String) -> Bool {
        guard let count = Int(text), 1...1024 ~= count else { return false }
        settings.threads = count
        return true
    }

    @Sendable private static func setFormats(_ settings: inout ServerSettings, _ text: String) -> Bool {
        let names = text.split(separator: ",").map(String.init)
        guard !names.isEmpty, names.allSatisfy({ ImageFileFormat(rawValue: $0) != nil }) else { return false }
        settings.formats = Set(names)
        return true
    }

    @Sendable private static func setImageHosts(_ settings: inout ServerSettings, _ text: String) -> Bool {
        let hosts = text.lowercased().split(separator: ",").map(String.init)
        func isHost(_ text: String) -> Bool { text == "*" || (try? ImageAddress("https://\(text)"))?.target == "/" }
        guard !hosts.isEmpty, hosts.allSatisfy(isHost) else { return false }
        settings.imageHosts = Set(hosts)
        return true
    }

    @Sendable private static func setLog(_ settings: inout ServerSettings, _ text: String) -> Bool {
        guard levels.contains(text) else { return false }
        settings.log = text
        return true
    }

    private typealias Key<Value> = WritableKeyPath<ServerSettings, Value> & Sendable

    private static func text(_ name: String, _ values: String, _ key: Key<String>) -> Option {
        Option(
            name: name, values: values, value: { $0[keyPath: key] },
            apply: {
                $0[keyPath: key] = $1
                return !$1.isEmpty
            })
    }

    private static func optional(
        _ name: String, _ values: String, _ key: Key<String?>, absent: String = "none"
    ) -> Option {
        Option(
            name: name, values: values, value: { $0[keyPath: key] ?? absent },
            apply: {
                $0[keyPath: key] = $1
                return !$1.isEmpty
            })
    }

    private static func number(_ name: String, _ key: Key<Int>, _ range: ClosedRange<Int>) -> Option {
        Option(
            name: name, values: "a number from \(range.lowerBound) to \(range.upperBound)",
            value: { "\($0[keyPath: key])" },
            apply: {
                guard let number = Int($1), range ~= number else { return false }
                $0[keyPath: key] = number
                return true
            })
    }

    /// The names of all settings, as flags have them.
    public static var names: [String] { options.map(\.name) }

    /// The values of variables such as `DUCTUS_SERVER_MAX_BYTES`.
    public static func environment(_ value: (_ variable: String) -> String?) -> Source {
        @Sendable func variable(_ name: String) -> String {
            "DUCTUS_SERVER_" + name.uppercased().replacing("-", with: "_")
        }
        let pairs = names.compactMap { name in value(variable(name)).map { (name, $0) } }
        return Source(Dictionary(uniqueKeysWithValues: pairs), origin: variable)
    }

    /// The values of a JSON file with an object: `{"port": 8080, "formats": ["png", "jpeg"]}`.
    /// - Throws: `FileError`, or `ConfigurationError` for a file that is not such an object.
    public static func file(_ path: String) throws -> Source {
        let bytes = try File.readBytes(path, maximumBytes: 1 << 20)
        let json: JSONText
        do {
            json = try JSONText(parsing: bytes)
        } catch {
            throw ConfigurationError(path, "is not JSON: \(error.message) at byte \(error.offset)")
        }
        guard let members = json.object else { throw ConfigurationError(path, "must be a JSON object") }
        return Source(try members.mapValues { try text(of: $0, file: path) }) { "\(path), \"\($0)\"" }
    }

    private static func text(of value: JSONText, file: String) throws -> String {
        switch value {
        case .string(let text), .number(let text): text
        case .boolean(let flag): flag ? "true" : "false"
        case .array(let elements): try elements.map { try text(of: $0, file: file) }.joined(separator: ",")
        case .null, .object: throw ConfigurationError(file, "has a value that is neither a text nor a number")
        }
    }
}
