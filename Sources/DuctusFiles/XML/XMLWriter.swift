/// Writes an XML 1.0 document, one element per line, indented. Text and attributes are escaped.
package struct XMLWriter {
    package typealias Attributes = [(name: String, value: String)]

    /// The document so far.
    package private(set) var document = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    private var depth = 0

    package init() {}

    /// Writes `<!DOCTYPE …>`.
    package mutating func documentType(_ declaration: String) {
        document += "<!DOCTYPE \(declaration)>\n"
    }

    /// Writes an element without content.
    package mutating func element(_ name: String, _ attributes: Attributes = []) {
        line("<\(name)\(Self.written(attributes))/>")
    }

    /// Writes an element that holds text.
    package mutating func element(_ name: String, _ attributes: Attributes = [], text: String) {
        line("<\(name)\(Self.written(attributes))>\(Self.escaped(text))</\(name)>")
    }

    /// Writes an element that holds the elements written in `content`.
    package mutating func element(_ name: String, _ attributes: Attributes = [], content: (inout XMLWriter) -> Void) {
        line("<\(name)\(Self.written(attributes))>")
        depth += 1
        content(&self)
        depth -= 1
        line("</\(name)>")
    }

    private mutating func line(_ markup: String) {
        document += String(repeating: "  ", count: depth) + markup + "\n"
    }

    private static func written(_ attributes: Attributes) -> String {
        attributes.map { " \($0.name)=\"\(escaped($0.value))\"" }.joined()
    }

    /// `text` for content and attributes: markup characters become entities, white space that a parser
    /// would normalize becomes references, and characters that XML 1.0 forbids (section 2.2) are left out.
    private static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x26: result.append(contentsOf: "&amp;".unicodeScalars)
            case 0x3C: result.append(contentsOf: "&lt;".unicodeScalars)
            case 0x3E: result.append(contentsOf: "&gt;".unicodeScalars)
            case 0x22: result.append(contentsOf: "&quot;".unicodeScalars)
            case 0x09, 0x0A, 0x0D: result.append(contentsOf: "&#\(scalar.value);".unicodeScalars)
            case 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: result.append(scalar)
            default: break
            }
        }
        return String(result)
    }
}
