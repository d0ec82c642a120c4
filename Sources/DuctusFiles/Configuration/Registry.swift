import Synchronization

/// The registries of components that a file can choose by name. Each module adds those of its own components.
public enum Registries {}

/// Values found by name. Other packages can add their own.
///
/// ```swift
/// Registries.networks.register(MyNetwork.self)       // before the first configuration or weights file is read
/// ```
public final class Registry<Value: Sendable>: Sendable {
    /// What messages call a value, such as "network".
    public let kind: String
    private let name: @Sendable (Value) -> String
    private let values: Mutex<[Value]>

    /// A registry with its first values.
    ///
    /// - Parameters:
    ///   - kind: what messages call a value.
    ///   - values: the values known from the start.
    ///   - name: the name of a value.
    public init(_ kind: String, _ values: [Value], name: @escaping @Sendable (Value) -> String) {
        (self.kind, self.name) = (kind, name)
        self.values = Mutex([])
        for value in values { register(value) }
    }

    /// Adds a value. Its name must be new.
    public func register(_ value: Value) {
        let name = name(value)
        let isNew = values.withLock { values in
            guard !values.contains(where: { self.name($0) == name }) else { return false }
            values.append(value)
            return true
        }
        precondition(isNew, "There already is a \(kind) \"\(name)\"; register the new one by another name.")
    }

    /// All values, in the order in which they were registered.
    public var all: [Value] { values.withLock { $0 } }

    /// The names of all values.
    public var names: [String] { all.map(name) }

    /// The value with a name, if there is one.
    public subscript(name: String) -> Value? { all.first { self.name($0) == name } }

    /// The value with a name that comes from a file.
    /// - Throws: `ConfigurationError` for an unknown name, with the nearest name and the list of all names.
    public func value(named name: String, file: String) throws(ConfigurationError) -> Value {
        guard let value = self[name] else {
            throw ConfigurationError(
                file,
                "there is no \(kind) \"\(name)\"\(suggestion(for: name, among: names)); choose one of "
                    + names.joined(separator: ", "))
        }
        return value
    }
}

/// ` (did you mean "crnn"?)` if one of the names is similar; else empty. Of equally similar names, the first in alphabetical order,
/// whatever order they come in: keys of dictionaries have another one in every process.
package func suggestion(for name: String, among names: some Collection<String>) -> String {
    let letters = Array(name.lowercased())
    let distances = names.map { ($0, editDistance(from: letters, to: Array($0.lowercased()))) }
    // Two letters in the wrong order are two edits.
    guard let (nearest, distance) = distances.min(by: { ($0.1, $0.0) < ($1.1, $1.0) }),
        distance <= max(1, (name.count + 1) / 3) || distance == 2 && letters.sorted() == nearest.lowercased().sorted()
    else {
        return ""
    }
    return " (did you mean \"\(nearest)\"?)"
}
