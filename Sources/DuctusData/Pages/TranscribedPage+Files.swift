extension TranscribedPage {
    /// A page from its XML file somewhere in a directory; nil if the file is no document of that format.
    init?(contentsOf path: String, in directory: String, format: PageFormat) throws {
        guard let page = try format.page(contentsOf: path) else { return nil }
        self.init(name: path, imagePath: Self.imagePath(of: path, named: page.image, in: directory), page: page)
    }

    /// The image that an XML file names, or one of its own name, in its folder or in the folder above, if that is still
    /// in the directory.
    private static func imagePath(of path: String, named name: String, in directory: String) -> String {
        let components = path.split(separator: "/", omittingEmptySubsequences: false)
        let folder = components.dropLast().joined(separator: "/")
        let stem = components.last.map { $0.dropLast(".xml".count) } ?? ""
        // A name may have come with the path on another machine.
        let named = name.split { $0 == "/" || $0 == "\\" }.last.map(String.init)
        var names = ["png", "jpg", "jpeg", "PNG", "JPG", "JPEG"].map { "\(stem).\($0)" }
        if let named { names.insert(named, at: 0) }
        let paths = (folder == directory ? [""] : ["", "../"]).flatMap { up in names.map { "\(folder)/\(up)\($0)" } }
        return paths.first(where: File.exists) ?? paths[0]
    }
}
