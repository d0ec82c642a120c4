/// An optional whose value, once it is there, has defaults for what a file leaves out.
private protocol OptionalConfiguration {
    static var defaults: any Configuration { get }
}

extension Optional: OptionalConfiguration where Wrapped: Configuration {
    fileprivate static var defaults: any Configuration { Wrapped() }
}

extension JSONText {
    /// The JSON form of some settings, with what a file says instead. A key that the settings do not have is an error.
    package static func overlay(
        _ settings: some Encodable, with changes: JSONText, file: String, key: String = ""
    ) throws -> JSONText {
        try overlay(JSONText(encoding: settings), settings, with: changes, file: file, key: key)
    }

    private static func overlay(
        _ json: JSONText, _ settings: Any, with changes: JSONText, file: String, key: String
    ) throws -> JSONText {
        if let choice = settings as? Choice { return Choice(changes, fallback: choice)?.json ?? changes }
        guard case .object(var members) = json else { return changes }
        guard case .object(let given) = changes else {
            throw ConfigurationError(file, (key.isEmpty ? "the whole" : "key \"\(key)\"") + " must be an object")
        }
        var properties: [String: Any] = [:]
        for child in Mirror(reflecting: settings).children {
            if let label = child.label { properties[label] = child.value }
        }
        for (name, value) in given {
            let key = key.isEmpty ? name : "\(key).\(name)"
            let property = properties[name]
            if let old = members[name] {
                members[name] = try overlay(old, unwrapped(property as Any), with: value, file: file, key: key)
            } else if let property, Mirror(reflecting: property).displayStyle == .optional {
                // Absent so far, and absent from the JSON form.
                let defaults = (type(of: property) as? any OptionalConfiguration.Type)?.defaults
                members[name] = try value == .null ? nil : defaults.map { try overlay($0, with: value, file: file, key: key) } ?? value
            } else {
                let known = Set(members.keys).union(properties.filter { Mirror(reflecting: $0.value).displayStyle == .optional }.keys)
                throw ConfigurationError(file, unknown(key, suggestion(for: name, among: known), known: known.sorted()))
            }
        }
        return .object(members)
    }

    /// What is said of a key that nobody knows.
    package static func unknown(_ key: String, _ suggestion: String, known: [String]) -> String {
        "key \"\(key)\" is not known\(suggestion); known are \(known.joined(separator: ", "))"
    }

    private static func unwrapped(_ value: Any) -> Any {
        let mirror = Mirror(reflecting: value)
        return mirror.displayStyle == .optional ? mirror.children.first.map { unwrapped($0.value) } ?? value : value
    }

    /// With other values, such as `training.epochs=20`. What is no JSON is a string.
    /// - Throws: `ConfigurationError` for a change without a key.
    package func applying(_ changes: [String]) throws(ConfigurationError) -> JSONText {
        var text = self
        for change in changes {
            guard let equals = change.firstIndex(of: "="), equals > change.startIndex else {
                throw ConfigurationError("--set \(change)", "must be KEY=VALUE, such as training.epochs=20")
            }
            let value = String(change[change.index(after: equals)...])
            let parsed = (try? JSONText(parsing: Array(value.utf8))) ?? .string(value)
            text = text.setting(change[..<equals].split(separator: "."), to: parsed)
        }
        return text
    }

    /// This object with the value at a dotted path replaced: `training.epochs`.
    package func setting(_ path: [Substring], to value: JSONText) -> JSONText {
        guard let first = path.first else { return value }
        var members = object ?? (string.map { ["name": .string($0)] } ?? [:])
        members[String(first)] = (members[String(first)] ?? .object([:])).setting(Array(path.dropFirst()), to: value)
        return .object(members)
    }
}

extension JSONText {
    /// The JSON form of some settings with every key, `null` for what is absent.
    package static func complete(_ settings: some Encodable) throws -> JSONText {
        complete(try JSONText(encoding: settings), settings)
    }

    private static func complete(_ json: JSONText, _ settings: Any) -> JSONText {
        guard case .object(var members) = json, !(settings is Choice) else { return json }
        for child in Mirror(reflecting: settings).children {
            guard let label = child.label else { continue }
            if let member = members[label] {
                members[label] = complete(member, unwrapped(child.value))
            } else if Mirror(reflecting: child.value).displayStyle == .optional {
                members[label] = .null
            }
        }
        return .object(members)
    }
}
