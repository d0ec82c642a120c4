extension TranscribedPage {
    /// The page of an XML file in a directory; nil if the file has another format.
    init?(contentsOf path: String, in directory: String, format: PageFormat) throws {
        guard let page = try format.page(contentsOf: path) else { return nil }
        self.init(name: path, imagePath: Self.imagePath(of: path, named: page.image, in: directory), page: page)
    }

    /// The image that an XML file refers to, or one with the same name, in the same folder or, within the directory, in
    /// the folder above.
    private static func imagePath(of path: String, named name: String, in directory: String) -> String {
        let components = path.split(separator: "/", omittingEmptySubsequences: false)
        let folder = components.dropLast().joined(separator: "/")
        let stem = components.last.map { $0.dropLast(".xml".count) } ?? ""
        // The name may include a path on another machine.
        let named = name.split { $0 == "/" || $0 == "\\" }.last.map(String.init)
        var names = ["png", "jpg", "jpeg", "PNG", "JPG", "JPEG"].map { "\(stem).\($0)" }
        if let named { names.insert(named, at: 0) }
        let paths = (folder == directory ? [""] : ["", "../"]).flatMap { up in names.map { "\(folder)/\(up)\($0)" } }
        return paths.first(where: File.exists) ?? paths[0]
    }
}
