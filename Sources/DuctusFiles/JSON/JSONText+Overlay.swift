/// An optional configuration: if a file sets some of its keys, the others have their defaults.
private protocol OptionalConfiguration {
    static var defaults: any Configuration { get }
}

extension Optional: OptionalConfiguration where Wrapped: Configuration {
    fileprivate static var defaults: any Configuration { Wrapped() }
}

extension JSONText {
    /// The JSON form of settings with the changes of a file. Unknown keys are errors.
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
            throw ConfigurationError(file, (key.isEmpty ? "the top level" : "key \"\(key)\"") + " must be an object")
        }
        var properties: [String: Any] = [:]
        for child in Mirror(reflecting: settings).children {
            if let label = child.label { properties[label] = child.value }
        }
        let optionals = properties.filter { Mirror(reflecting: $0.value).displayStyle == .optional }
        // Sorted, so that the same file always gives the same error.
        for (name, value) in given.sorted(by: { $0.key < $1.key }) {
            let key = key.isEmpty ? name : "\(key).\(name)"
            if let optional = optionals[name], value == .null || members[name] == nil {
                // What is nil is absent from the JSON form.
                let defaults = (type(of: optional) as? any OptionalConfiguration.Type)?.defaults
                members[name] =
                    value == .null
                    ? nil : try defaults.map { try overlay($0, with: value, file: file, key: key) } ?? value
            } else if let old = members[name] {
                members[name] = try overlay(old, unwrapped(properties[name] as Any), with: value, file: file, key: key)
            } else {
                let known = Set(members.keys).union(optionals.keys)
                throw ConfigurationError(file, unknown(key, suggestion(for: name, among: known), known: known.sorted()))
            }
        }
        return .object(members)
    }

    /// The message for an unknown key.
    package static func unknown(_ key: String, _ suggestion: String, known: [String]) -> String {
        "key \"\(key)\" is not known\(suggestion); "
            + (known.isEmpty ? "there are no settings" : "known are \(known.joined(separator: ", "))")
    }

    private static func unwrapped(_ value: Any) -> Any {
        let mirror = Mirror(reflecting: value)
        return mirror.displayStyle == .optional ? mirror.children.first.map { unwrapped($0.value) } ?? value : value
    }

    /// With changes such as `training.epochs=20`. A value that is not JSON is a string.
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
    /// The JSON form of settings with every key, `null` for nil.
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
