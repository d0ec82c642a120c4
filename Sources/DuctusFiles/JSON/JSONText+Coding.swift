#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension JSONEncoder {
    /// An encoder that gives equal text for equal values.
    package static var sorted: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}

extension JSONText {
    /// The JSON form of a value.
    /// - Throws: `EncodingError` for a number that JSON cannot hold, such as infinity.
    package init(encoding value: some Encodable) throws {
        self = try JSONText(parsing: Array(JSONEncoder.sorted.encode(value)))
    }

    /// The JSON form of settings, all of whose numbers are finite.
    init(_ settings: some Encodable) {
        do {
            self = try JSONText(encoding: settings)
        } catch {
            preconditionFailure("\(type(of: settings)) has a value that JSON cannot hold: \(error)")
        }
    }

    /// The value of this JSON form.
    /// - Throws: `ConfigurationError` with the key whose value is missing or of the wrong kind.
    package func decoded<Value: Decodable>(as type: Value.Type = Value.self, file: String, key: String = "") throws
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
            // Foundation reports a number that its type cannot hold, such as half an epoch, without its path.
            let inside = place.0.isEmpty ? unfitNumber(for: type) : place.0.map(\.stringValue)
            let key = ([key] + inside).filter { !$0.isEmpty }.joined(separator: ".")
            throw ConfigurationError(file, "key \"\(key)\" \(place.1)")
        } catch {
            // An error of the type itself, as a sentence of its own.
            let reason = "\(error)"
            throw ConfigurationError(
                file,
                (key.isEmpty ? "" : "key \"\(key)\": ") + (reason.hasSuffix(".") ? String(reason.dropLast()) : reason))
        }
    }

    /// The path of the one number that cannot be decoded; empty if there are more numbers than settings have, each of which
    /// costs another decoding of the whole.
    private func unfitNumber(for type: (some Decodable).Type) -> [String] {
        let numbers = self.numbers
        guard numbers.count < 1000 else { return [] }
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
}

extension JSONText: Codable {
    private struct Key: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    package init(from decoder: any Decoder) throws {
        if let members = try? decoder.container(keyedBy: Key.self) {
            self = .object(
                try Dictionary(
                    uniqueKeysWithValues: members.allKeys.map {
                        ($0.stringValue, try members.decode(JSONText.self, forKey: $0))
                    }))
        } else if var elements = try? decoder.unkeyedContainer() {
            var array: [JSONText] = []
            while !elements.isAtEnd { array.append(try elements.decode(JSONText.self)) }
            self = .array(array)
        } else {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() {
                self = .null
            } else if let boolean = try? value.decode(Bool.self) {
                self = .boolean(boolean)
            } else if let integer = try? value.decode(Int.self) {
                self = .number("\(integer)")
            } else if let number = try? value.decode(Double.self) {
                self = .number("\(number)")
            } else {
                self = .string(try value.decode(String.self))
            }
        }
    }

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .object(let members):
            var container = encoder.container(keyedBy: Key.self)
            for (key, value) in members { try container.encode(value, forKey: Key(stringValue: key)) }
        case .array(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements { try container.encode(element) }
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .boolean(let value):
            var container = encoder.singleValueContainer()
            try container.encode(value)
        case .string(let value):
            var container = encoder.singleValueContainer()
            try container.encode(value)
        case .number(let text):
            var container = encoder.singleValueContainer()
            if let integer = Int(text) {
                try container.encode(integer)
            } else {
                try container.encode(Double(text) ?? 0)
            }
        }
    }
}
