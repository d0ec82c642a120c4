#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A configuration that is not understood. Names the file and the key.
public struct ConfigurationError: Error, CustomStringConvertible, Sendable, Equatable {
    public let description: String

    package init(_ file: String, _ problem: String) { description = "\(file): \(problem)." }
}

extension JSONText {
    /// The JSON form of a value.
    package init(encoding value: some Encodable) throws {
        self = try JSONText(parsing: Array(JSONEncoder.sorted.encode(value)))
    }

    /// The value of this JSON form.
    package func decoded<Value: Decodable>(as type: Value.Type = Value.self, file: String, path: String = "") throws
        -> Value
    {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch let error as DecodingError {
            let place: ([any CodingKey], String) =
                switch error {
                case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                    (context.codingPath, "has a value of the wrong kind")
                case .keyNotFound(let key, let context): (context.codingPath + [key], "is missing")
                @unknown default: ([], "is not understood")
                }
            // A number that its type cannot hold, such as half an epoch, is reported without its place.
            let inside = place.0.isEmpty ? unfitNumber(for: type) : place.0.map(\.stringValue)
            let key = ([path] + inside).filter { !$0.isEmpty }.joined(separator: ".")
            throw ConfigurationError(file, "key \"\(key)\" \(place.1)")
        } catch let error as CharacterSetError {
            throw ConfigurationError(file, "key \"\(path)\": \(error.description.dropLast())")
        }
    }

    /// The path of the number without which this would be a value.
    private func unfitNumber(for type: (some Decodable).Type) -> [String] {
        let culprit = numbers.first { path in
            let other = setting(path.map { $0[...] }, to: .number("1"))
            return (try? JSONDecoder().decode(type, from: Data(other.text.utf8))) != nil
        }
        return culprit ?? []
    }

    /// The paths of all numbers outside arrays.
    private var numbers: [[String]] {
        switch self {
        case .number: [[]]
        case .object(let members):
            members.sorted { $0.key < $1.key }.flatMap { key, value in value.numbers.map { [key] + $0 } }
        default: []
        }
    }

    /// These defaults with what `changes` says instead; a key that the defaults do not have is an error.
    ///
    /// - Parameter open: keys below which anything may stand.
    package func overlaid(with changes: JSONText, file: String, path: String = "", open: Set<String> = []) throws
        -> JSONText
    {
        guard case .object(var members) = self, !open.contains(path) else { return changes }
        guard case .object(let given) = changes else {
            throw ConfigurationError(file, (path.isEmpty ? "the whole" : "key \"\(path)\"") + " must be an object")
        }
        for (key, value) in given {
            let full = path.isEmpty ? key : "\(path).\(key)"
            guard let old = members[key] else {
                throw ConfigurationError(
                    file, "key \"\(full)\" is not known; known are \(members.keys.sorted().joined(separator: ", "))")
            }
            members[key] = try old.overlaid(with: value, file: file, path: full, open: open)
        }
        return .object(members)
    }

    /// This object with the value at a dotted path replaced: `training.epochs`.
    package func setting(_ path: [Substring], to value: JSONText) -> JSONText {
        guard let first = path.first else { return value }
        var members = object ?? [:]
        members[String(first)] = (members[String(first)] ?? .object([:])).setting(Array(path.dropFirst()), to: value)
        return .object(members)
    }

    /// JSON text, keys sorted.
    package var text: String {
        switch self {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .number(let text): text
        case .string(let string): JSONText.quoted(string)
        case .array(let elements): "[" + elements.map(\.text).joined(separator: ", ") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }.map { "\(JSONText.quoted($0.key)): \($0.value.text)" }
                .joined(separator: ", ") + "}"
        }
    }
}
