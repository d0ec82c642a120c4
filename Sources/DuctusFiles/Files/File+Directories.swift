#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

extension File {
    /// The value of an environment variable.
    package static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// The directory of the running program.
    package static var programDirectory: String { directory(of: program) }

    /// The path of the running program.
    package static var program: String {
        var path = [CChar](repeating: 0, count: 4096)
        #if canImport(Darwin)
            var size = UInt32(path.count)
            _ = _NSGetExecutablePath(&path, &size)
        #else
            _ = readlink("/proc/self/exe", &path, path.count - 1)
        #endif
        return String(decoding: path.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Whether a path leads to a directory.
    package static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(systemPath(path), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The size of a file in bytes; nil if there is no file.
    package static func size(_ path: String) -> Int? {
        var status = stat()
        return stat(systemPath(path), &status) == 0 ? Int(status.st_size) : nil
    }

    /// Removes a file, if it exists.
    package static func remove(_ path: String) throws(FileError) {
        guard unlink(systemPath(path)) == 0 || errno == ENOENT else { throw systemError(path) }
    }

    /// Whether two paths lead to the same file, which exists.
    package static func isSame(_ path: String, _ other: String) -> Bool {
        var (one, two) = (stat(), stat())
        return stat(systemPath(path), &one) == 0 && stat(systemPath(other), &two) == 0 && one.st_dev == two.st_dev
            && one.st_ino == two.st_ino
    }

    /// Removes a directory that is empty.
    package static func removeDirectory(_ path: String) throws(FileError) {
        guard rmdir(systemPath(path)) == 0 else { throw systemError(path) }
    }

    /// Creates a directory and those above it.
    package static func createDirectory(_ path: String) throws(FileError) {
        guard !path.isEmpty, !isDirectory(path) else { return }
        if let slash = path.dropLast().lastIndex(of: "/") { try createDirectory(String(path[..<slash])) }
        guard mkdir(systemPath(path), 0o755) == 0 || isDirectory(path) else { throw systemError(path) }
    }
}
