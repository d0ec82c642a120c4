extension Page {
    /// The page with the path of its image as seen from the directory of a file.
    package func linked(from file: String) -> Page {
        var page = self
        if !image.isEmpty { page.image = File.path(of: image, from: File.directory(of: file)) }
        return page
    }
}
