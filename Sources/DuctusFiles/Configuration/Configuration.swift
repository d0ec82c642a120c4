/// Settings that validate themselves.
public protocol SelfChecking {
    /// What is wrong, as a clause that names the key, such as `key "width" is 0; it must be 1 to 4096`; nil if the
    /// settings are valid.
    var problem: String? { get }
}

/// Settings in a configuration file. The stored properties are the keys, and each has a default.
///
/// ```swift
/// struct Grid: Configuration {
///     var rows = 8
///     var spacing: Double?                   // optional: may be absent or `null` in a file
///     var problem: String? { problem("rows", rows, in: 1...100) }
/// }
/// ```
public protocol Configuration: SelfChecking, Codable, Sendable {
    /// The defaults.
    init()
}

/// A part of an experiment that a file chooses by name, such as an optimizer or a data source. It is its own
/// configuration: its stored properties are the settings beside the name.
///
/// ```swift
/// struct Lion: UpdateRule {
///     static let name = "lion"
///     var beta1 = 0.9
///     …
/// }
/// Registries.optimizers.register(Lion.self)  // "optimizer": {"name": "lion", "beta1": 0.95}
/// ```
public protocol Component: Configuration {
    /// The name in configuration files.
    static var name: String { get }
}

extension SelfChecking {
    /// Any settings are valid, unless a type checks them.
    public var problem: String? { nil }

    /// What is wrong with the numbers of a key, if one of them is out of range.
    public func problem<Number: Comparable>(
        _ key: String, _ values: [Number], in range: ClosedRange<Number>
    ) -> String? {
        values.first { !range.contains($0) }
            .map { "key \"\(key)\" is \($0); it must be \(range.lowerBound) to \(range.upperBound)" }
    }

    /// What is wrong with the number of a key, if it is out of range; nil is always valid.
    public func problem<Number: Comparable>(
        _ key: String, _ value: Number?, in range: ClosedRange<Number>
    ) -> String? {
        problem(key, value.map { [$0] } ?? [], in: range)
    }

    /// What is wrong with the settings under a key, if anything.
    public func problem(_ key: String, _ settings: (any SelfChecking)?) -> String? {
        settings?.problem?.replacing("key \"", with: "key \"\(key).", maxReplacements: 1)
    }
}

extension Configuration {
    /// These settings with the changes of a file.
    ///
    /// - Parameters:
    ///   - changes: a JSON object with some of the keys.
    ///   - file: the name of the file in errors.
    ///   - key: the key of the settings themselves in the file, if they have one.
    /// - Throws: `ConfigurationError` with the key that is unknown, or whose value has the wrong kind or is out of
    ///   range.
    package func changed(by changes: JSONText, file: String, key: String = "") throws -> Self {
        let changed: Self = try JSONText.overlay(self, with: changes, file: file, key: key)
            .decoded(file: file, key: key)
        if let problem = key.isEmpty ? changed.problem : problem(key, changed) {
            throw ConfigurationError(file, problem)
        }
        return changed
    }
}
