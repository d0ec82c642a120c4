/// A component chosen in a configuration file: by name, `"cosine"`, or by name and settings,
/// `{"name": "oneCycle", "warmup": 0.1}`.
///
/// ```swift
/// experiment.training.optimizer = Choice(Adam(decay: 0.05))
/// experiment.training.schedule = "cosine"
/// ```
public struct Choice: Sendable, Equatable, ExpressibleByStringLiteral {
    /// The name in its registry.
    public var name: String
    /// Its settings; those that are absent have their defaults.
    package var settings: [String: JSONText]

    /// A component with its defaults.
    public init(_ name: String) { self.init(name, settings: [:]) }

    /// A component with its defaults.
    public init(stringLiteral name: String) { self.init(name) }

    /// A component with its settings.
    public init<C: Component>(_ component: C) { self.init(C.name, settings: JSONText(component).object ?? [:]) }

    package init(_ name: String, settings: [String: JSONText]) { (self.name, self.settings) = (name, settings) }

    /// The choice in a file. Settings without a name, or for the same name, change those of `fallback`.
    package init?(_ json: JSONText, fallback: Choice? = nil) {
        if let name = json.string {
            self.init(name, settings: [:])
        } else if var members = json.object {
            let name = members.removeValue(forKey: "name").map { $0.string ?? "" } ?? fallback?.name ?? ""
            if let fallback, fallback.name == name { members.merge(fallback.settings) { new, _ in new } }
            guard !name.isEmpty else { return nil }
            self.init(name, settings: members)
        } else {
            return nil
        }
    }

    package var json: JSONText { .object(settings.merging(["name": .string(name)]) { $1 }) }
}

extension Choice: Codable {
    public init(from decoder: any Decoder) throws {
        let json = try JSONText(from: decoder)
        guard let choice = Choice(json) else {
            throw DecodingError.typeMismatch(
                Choice.self, .init(codingPath: decoder.codingPath, debugDescription: "A name, or an object with one."))
        }
        self = choice
    }

    public func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }
}

extension Registry {
    /// The chosen component, with its settings.
    ///
    /// - Parameters:
    ///   - choice: the name of the component, and its settings.
    ///   - file: the name of the file in errors.
    ///   - key: the key of the choice in errors.
    ///   - type: what the component must conform to.
    /// - Throws: `ConfigurationError` for an unknown name, unknown settings, or values that are not allowed.
    package func component<Base>(
        _ choice: Choice, file: String, key: String, as type: Base.Type = Base.self
    ) throws -> Base where Value == any Component.Type {
        let component = try value(named: choice.name, file: file).init().changed(
            by: .object(choice.settings), file: file, key: key)
        guard let component = component as? Base else {
            throw ConfigurationError(file, "key \"\(key)\": the \(kind) \"\(choice.name)\" cannot be used here")
        }
        return component
    }
}
