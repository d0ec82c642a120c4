#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

extension File {
    /// Opens a file for reading; negative, with `errno`, if that fails.
    ///
    /// The name may be in an encoding other than UTF-8, as old names in Latin-1 are. In the arguments of a program such
    /// a name has U+FFFD for each sequence of invalid bytes; it opens the file whose name looks like that, if there is
    /// exactly one.
    static func openForReading(_ path: String) -> CInt {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor < 0, errno == ENOENT, path.unicodeScalars.contains("\u{FFFD}") else { return descriptor }
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { String(path[...$0]) } ?? "./"
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        let matches = rawNames(in: directory).filter { String(decoding: $0, as: UTF8.self) == name }
        guard matches.count == 1 else {
            errno = ENOENT
            return -1
        }
        let bytes = (Array(directory.utf8) + matches[0] + [0]).map { CChar(bitPattern: $0) }
        return open(bytes, O_RDONLY | O_CLOEXEC)
    }

    /// The names in a directory as the file system stores them; none if it cannot be read.
    private static func rawNames(in directory: String) -> [[UInt8]] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return [] }
        var names: [[UInt8]] = []
        while let entry = readdir(stream) {
            let start = UnsafeRawPointer(entry) + offset
            names.append(
                Array(UnsafeRawBufferPointer(start: start, count: strlen(start.assumingMemoryBound(to: CChar.self)))))
        }
        return names
    }
}
