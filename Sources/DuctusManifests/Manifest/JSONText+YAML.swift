import Yams

extension JSONText {
    /// The YAML document in the bytes of a file, in the terms of JSON. Aliases are resolved; a date is a string.
    ///
    /// - Throws: `ConfigurationError` with the line that is not YAML.
    package init(yaml bytes: [UInt8], file: String) throws {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError(file, "the file is not UTF-8 text")
        }
        do {
            self = try Yams.compose(yaml: text).map { try JSONText($0, file: file) } ?? .null
        } catch let error as YamlError {
            throw ConfigurationError(file, Self.problem(error))
        }
    }

    private init(_ node: Yams.Node, file: String) throws {
        switch node {
        case .scalar(let scalar):
            let text = scalar.string
            switch node.tag {
            case Tag(.null): self = .null
            case Tag(.bool): self = node.bool.map(JSONText.boolean) ?? .string(text)
            case Tag(.int): self = node.int.map { .number("\($0)") } ?? .string(text)
            case Tag(.float): self = (try? JSONText(parsing: text.utf8)) ?? .string(text)
            default: self = .string(text)
            }
        case .sequence(let elements):
            self = .array(try elements.map { try JSONText($0, file: file) })
        case .mapping(let pairs):
            var members: [String: JSONText] = [:]
            for (key, value) in pairs {
                guard let name = key.scalar?.string else {
                    throw ConfigurationError(file, "a key is not a text")
                }
                members[name] = try JSONText(value, file: file)
            }
            self = .object(members)
        case .alias:
            throw ConfigurationError(file, "an alias leads nowhere")
        }
    }

    private static func problem(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "line \(mark.line) is not YAML: \(problem)"
        case .reader(let problem, _, _, _): "the file is not YAML: \(problem)"
        case .duplicatedKeysInMapping(let duplicates, let context):
            "line \(context.mark.line): key \(duplicates.map { "\"\($0)\"" }.joined(separator: ", ")) occurs twice"
        default: "the file is not YAML"
        }
    }

    /// The value as a YAML document with sorted keys.
    package var yaml: String {
        get throws { try Yams.serialize(node: node, allowUnicode: true) }
    }

    private var node: Yams.Node {
        switch self {
        case .null: Yams.Node("null", Tag(.null))
        case .boolean(let value): Yams.Node(value ? "true" : "false", Tag(.bool))
        case .number(let text): Yams.Node(text, Tag(text.contains { ".eE".contains($0) } ? .float : .int))
        case .string(let text): Yams.Node(text, Tag(.str), Self.style(text))
        case .array(let elements): Yams.Node(elements.map(\.node))
        case .object(let members):
            Yams.Node(members.sorted { $0.key < $1.key }.map { (Yams.Node($0.key), $0.value.node) })
        }
    }

    /// Quoted, where another program could take the text for a number, a date, or the like.
    private static func style(_ text: String) -> Yams.Node.Scalar.Style {
        let isPlain = Yams.Node(text).tag == Tag(.str) && text.first?.isNumber != true && !text.contains("\n")
        return isPlain ? .any : text.contains("\n") ? .literal : .doubleQuoted
    }
}
