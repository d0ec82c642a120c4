/// An element of an XML document and its contents. Names have no namespace prefix.
package struct XMLElement {
    package let name: String
    /// The line on which the element begins, counted from 1.
    package let line: Int
    package let attributes: [String: String]
    package var children: [XMLElement] = []
    /// The text directly in the element, joined across its child elements.
    package var text = ""

    /// The first child with a name.
    package func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The children with a name.
    package func children(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// All descendants with a name, in document order.
    package func descendants(_ name: String) -> [XMLElement] {
        children.flatMap { ($0.name == name ? [$0] : []) + $0.descendants(name) }
    }
}
