#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// The part of a file that was downloaded so far, which outlives the program, and what is needed to continue.
final class PartialFile: @unchecked Sendable {
    /// What is known of the file that the part belongs to.
    struct Origin: Codable, Equatable {
        /// The address.
        var url: String
        /// A strong entity tag or a date, by which a server tells whether the file is still the same (RFC 9110, 13.1.5).
        var validator: String?
    }

    let path: String
    /// Written before the bytes that come from there.
    private(set) var origin: Origin?
    private(set) var count: Int
    private let descriptor: CInt
    private var originPath: String { path + ".json" }

    /// Opens the part, or begins one.
    /// - Throws: `FileError`.
    init(_ path: String) throws(FileError) {
        self.path = path
        try File.createDirectory(File.directory(of: path))
        descriptor = open(File.systemPath(path), O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw File.systemError(path) }
        count = File.size(path) ?? 0
        let text = (try? File.readBytes(path + ".json", maximumBytes: 1 << 16)).flatMap { try? JSONText(parsing: $0) }
        origin = try? text?.decoded(as: Origin.self, file: path)
        if origin == nil { try restart(from: nil) }
    }

    deinit { close(descriptor) }

    /// Forgets the part, and begins one of another origin.
    func restart(from origin: Origin?) throws(FileError) {
        guard ftruncate(descriptor, 0) == 0 else { throw File.systemError(path) }
        count = 0
        self.origin = origin
        guard let origin, let text = try? JSONText(encoding: origin).text else { return try File.remove(originPath) }
        try File.write(Array(text.utf8), to: originPath, isDurable: false)
    }

    /// Adds bytes to the part.
    func append(_ bytes: [UInt8]) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let done = bytes[written...].withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, off_t(count)) }
            if done < 0, errno == EINTR { continue }
            guard done > 0 else { throw File.systemError(path) }
            (written, count) = (written + done, count + done)
        }
    }

    /// Flushes the file to the disk, and forgets where it came from: it is complete.
    func complete() throws(FileError) {
        guard fsync(descriptor) == 0 else { throw File.systemError(path) }
        try File.remove(originPath)
    }
}
