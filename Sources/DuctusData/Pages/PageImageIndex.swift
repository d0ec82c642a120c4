/// The images in a directory and its subfolders, in which those of XML files are looked for.
struct PageImageIndex: Sendable {
    private struct Folder {
        var names: Set<String> = []
        /// The names of images by their stems, sorted.
        var images: [Substring: [String]] = [:]
        var subfolders: [String] = []
        var hasXML = false
    }

    private let directory: String
    private var folders: [String: Folder] = [:]
    /// The XML files, in the order of their paths.
    private(set) var documents: [String] = []

    /// Extensions of images that may have the name of an XML file.
    private static let extensions: Set = ["png", "jpg", "jpeg", "webp", "tif", "tiff"]

    init(directory: String) {
        self.directory = directory
        add(directory, depth: 0)
    }

    private mutating func add(_ path: String, depth: Int) {
        var folder = Folder()
        for name in File.names(in: path) {
            let item = "\(path)/\(name)"
            if File.isDirectory(item) {
                // Symbolic links may form cycles.
                guard depth < 7 else { continue }
                folder.subfolders.append(item)
                add(item, depth: depth + 1)
            } else if name.lowercased().hasSuffix(".xml") {
                folder.hasXML = true
                documents.append(item)
            } else {
                folder.names.insert(name)
                guard let dot = name.lastIndex(of: "."),
                    Self.extensions.contains(name[name.index(after: dot)...].lowercased())
                else { continue }
                folder.images[name[..<dot], default: []].append(name)
            }
        }
        folders[path] = folder
    }

    /// The image of a page of an XML file, and the index of the page in it: the one that the file refers to, by its path
    /// or by its name in a folder nearby, or one with the same name and another extension.
    ///
    /// - Parameters:
    ///   - name: what the XML file calls the image.
    ///   - path: the path of the XML file.
    ///   - isOnly: whether the page is the only one of the file, so that its image may have the name of the file.
    /// - Returns: the image, or where it should be.
    func image(named name: String, of path: String, isOnly: Bool) -> (path: String, page: Int) {
        let folder = File.directory(of: path)
        let (name, page) = ImageFile.pageReference(name)
        for path in [name.hasPrefix("/") ? name : "\(folder)/\(name)"] where !name.isEmpty {
            if File.exists(path), !File.isDirectory(path) { return (path, page) }
        }
        // The path may be one on another machine.
        let last = name.split { $0 == "/" || $0 == "\\" }.last.map(String.init)
        let places = places(near: folder)
        for place in places {
            if let last, folders[place]?.names.contains(last) == true { return ("\(place)/\(last)", page) }
        }
        // `a.page.xml` may be that of `a.png`.
        let own = File.stem(of: path)
        let stems = (last.map { [File.stem(of: $0)] } ?? []) + (isOnly ? [own, File.stem(of: own)] : [])
        for stem in stems {
            for place in places {
                if let found = folders[place]?.images[stem[...]]?.first { return ("\(place)/\(found)", page) }
            }
        }
        // One of several pages without a name has no image, not even one with the name of the file.
        return ("\(folder)/\(last ?? (isOnly ? "\(own).png" : "(without a name)"))", page)
    }

    /// The folder of an XML file, those in it, those next to it, and so on up to the directory. A folder with XML files
    /// of its own has no images for those of others.
    private func places(near folder: String) -> [String] {
        var places: [String] = []
        var folder = folder
        while let entry = folders[folder] {
            for place in [folder] + entry.subfolders.filter({ folders[$0]?.hasXML == false })
            where !places.contains(place) {
                places.append(place)
            }
            guard folder != directory else { break }
            folder = File.directory(of: folder)
        }
        return places
    }
}
