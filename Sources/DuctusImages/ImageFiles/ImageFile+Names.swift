extension ImageFile {
    /// The path and the page, counted from 0, in the name of a page; see ``name(ofPage:)``.
    package static func pageReference(_ name: String) -> (path: String, page: Int) {
        guard name.hasSuffix("]"), let bracket = name.lastIndex(of: "["),
            let number = Int(name[name.index(after: bracket)...].dropLast()), number > 0
        else { return (name, 0) }
        return (String(name[..<bracket]), number - 1)
    }
}
