#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Whole files, read and written so that no reader ever sees half of one.
public enum Files {
    /// The bytes of a file.
    /// - Throws: `FileError` when it is missing, is no regular file, cannot be read, or is larger than `limit` bytes.
    public static func read(_ path: String, limit: Int = 1 << 34) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw FileError(path, reason("cannot be opened")) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError(path, reason("cannot be read")) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw FileError(path, "is not a file.") }
        let size = Int(status.st_size)
        guard size <= limit else { throw FileError(path, "has \(size) bytes; the limit here is \(limit).") }
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = Self.read(descriptor, buffer.baseAddress! + count, size - count)
                if got < 0 { failed = true }
                if got <= 0 { break }
                count += got
            }
        }
        if failed { throw FileError(path, reason("cannot be read")) }
        return bytes
    }

    /// Writes a file under a temporary name beside it, syncs it, and renames it.
    /// - Throws: `FileError`; an older file of the name is then untouched.
    public static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
        try write(to: path) { descriptor in
            try Array(bytes).withUnsafeBytes { try write($0, descriptor, path) }
        }
    }

    package static func write(to path: String, _ body: (Int32) throws -> Void) throws {
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max)).partial"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL, 0o644)
        guard descriptor >= 0 else { throw FileError(path, reason("cannot be written")) }
        do {
            try body(descriptor)
            guard fsync(descriptor) == 0 else { throw FileError(path, reason("cannot be written")) }
        } catch {
            close(descriptor)
            unlink(temporary)
            throw error
        }
        close(descriptor)
        guard rename(temporary, path) == 0 else {
            let error = FileError(path, reason("cannot be written"))
            unlink(temporary)
            throw error
        }
        // The rename itself must survive a power cut.
        let folder = open(directory(of: path), O_RDONLY)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }

    package static func write(_ bytes: UnsafeRawBufferPointer, _ descriptor: Int32, _ path: String) throws {
        var done = 0
        while done < bytes.count {
            let wrote = Self.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
            guard wrote > 0 else { throw FileError(path, reason("cannot be written")) }
            done += wrote
        }
    }

    public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    public static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Creates a folder and those above it.
    public static func createDirectory(_ path: String) throws {
        guard !path.isEmpty, !isDirectory(path) else { return }
        try createDirectory(path == directory(of: path) ? "" : directory(of: path))
        guard mkdir(path, 0o755) == 0 || isDirectory(path) else {
            throw FileError(path, reason("cannot be created"))
        }
    }

    /// The folder a path lies in.
    package static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func reason(_ what: String) -> String { "\(what): \(String(cString: strerror(errno)))." }

    private static func read(_ descriptor: Int32, _ buffer: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, buffer, count)
        #else
            Darwin.read(descriptor, buffer, count)
        #endif
    }

    private static func write(_ descriptor: Int32, _ buffer: UnsafeRawPointer, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, buffer, count)
        #else
            Darwin.write(descriptor, buffer, count)
        #endif
    }
}
