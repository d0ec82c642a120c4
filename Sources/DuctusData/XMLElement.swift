/// An element of an XML document with what is in it. Names are without their namespace's prefix.
struct XMLElement {
    let name: String
    /// Where the element begins, counted from 1.
    let line: Int
    let attributes: [String: String]
    var children: [XMLElement] = []
    /// The characters directly in the element, whatever elements stand between them.
    var text = ""

    /// The first child of a name.
    func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The children of a name.
    func children(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// All elements of a name below this one, in the order of the document.
    func descendants(_ name: String) -> [XMLElement] {
        children.flatMap { ($0.name == name ? [$0] : []) + $0.descendants(name) }
    }
}
