/// An element of an XML document with what is in it. Names are without their namespace's prefix.
package struct XMLElement {
    package let name: String
    /// Where the element begins, counted from 1.
    package let line: Int
    package let attributes: [String: String]
    package var children: [XMLElement] = []
    /// The characters directly in the element, whatever elements stand between them.
    package var text = ""

    /// The first child of a name.
    package func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The children of a name.
    package func children(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// All elements of a name below this one, in the order of the document.
    package func descendants(_ name: String) -> [XMLElement] {
        children.flatMap { ($0.name == name ? [$0] : []) + $0.descendants(name) }
    }
}
