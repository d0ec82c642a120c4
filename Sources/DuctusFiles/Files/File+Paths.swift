#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

extension File {
    /// The directory in a path: `a` for `a/b`, `.` for `b`, `/` for `/b`.
    package static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// What follows the last slash of a path.
    package static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    /// The name of a file without its extension.
    package static func stem(of path: String) -> String {
        let name = name(of: path)
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }

    /// The path of a file as seen from a directory: `../scans/a.png` for `work/scans/a.png` from `work/xml`. Both
    /// directories should exist.
    package static func path(of file: String, from directory: String) -> String {
        let target = components(ofDirectory: self.directory(of: file)) + [name(of: file)]
        let start = components(ofDirectory: directory)
        let common = zip(start, target.dropLast()).prefix { $0 == $1 }.count
        return (Array(repeating: "..", count: start.count - common) + target.dropFirst(common)).joined(separator: "/")
    }

    /// The names in the absolute path of a directory, without symbolic links.
    private static func components(ofDirectory directory: String) -> [String] {
        var names: [String] = []
        for name in resolved(directory).split(separator: "/") where name != "." {
            if name == "..", !names.isEmpty { names.removeLast() } else { names.append(String(name)) }
        }
        return names
    }

    /// The absolute path of a file without symbolic links; the path as it is if there is no such file.
    static func resolved(_ path: String) -> String {
        guard let absolute = realpath(systemPath(path), nil) else { return path }
        defer { free(absolute) }
        return self.path(decoding: absolute)
    }
}
