import Synchronization

/// The registries of everything that a file can choose by name. Each module adds those of its own kind of component.
public enum Registries {}

/// Values found by name, to which other packages may add theirs.
///
/// ```swift
/// Registries.networks.register(MyNetwork.self)       // before the first configuration or weights file is read
/// ```
public final class Registry<Value: Sendable>: Sendable {
    /// What messages call a value: "network".
    public let kind: String
    private let name: @Sendable (Value) -> String
    private let values: Mutex<[Value]>

    /// - Parameters:
    ///   - kind: what messages call a value.
    ///   - values: those known from the start.
    ///   - name: a value's name.
    public init(_ kind: String, _ values: [Value], name: @escaping @Sendable (Value) -> String) {
        (self.kind, self.name) = (kind, name)
        self.values = Mutex([])
        for value in values { register(value) }
    }

    /// Adds a value. Its name must be new.
    public func register(_ value: Value) {
        let name = name(value)
        precondition(self[name] == nil, "There already is a \(kind) \"\(name)\"; register one of another name.")
        values.withLock { $0.append(value) }
    }

    /// All values, in the order in which they were registered.
    public var all: [Value] { values.withLock { $0 } }

    /// The names of all values.
    public var names: [String] { all.map(name) }

    /// The value of a name, if there is one.
    public subscript(name: String) -> Value? { all.first { self.name($0) == name } }

    /// The value of a name that a file gives.
    /// - Throws: `ConfigurationError` with the nearest name and all there are.
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

/// ` (did you mean "crnn"?)` if one of the names is nearly the same.
package func suggestion(for name: String, among names: some Collection<String>) -> String {
    let distances = names.map { ($0, editDistance(from: Array(name.lowercased()), to: Array($0.lowercased()))) }
    guard let (nearest, distance) = distances.min(by: { $0.1 < $1.1 }), distance <= max(1, name.count / 3) else {
        return ""
    }
    return " (did you mean \"\(nearest)\"?)"
}
