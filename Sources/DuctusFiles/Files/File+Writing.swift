#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

// Inside `File`, whose own `write` hides it, the system's function needs another name.
private let systemWrite: @Sendable (CInt, UnsafeRawPointer?, Int) -> Int = { write($0, $1, $2) }

extension File {
    /// Replaces a file atomically: a reader, or a crash at any moment, sees the old file or the new one.
    ///
    /// The bytes are written to a temporary file in the same directory, which is flushed to disk and renamed. Symbolic
    /// links are followed; pipes and devices such as `/dev/stdout` are written to directly.
    package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        var status = stat()
        let exists = stat(systemPath(path), &status) == 0
        if exists && status.st_mode & S_IFMT == S_IFDIR { throw FileError(file: path, reason: .isDirectory) }
        if exists && status.st_mode & S_IFMT != S_IFREG {
            return try write(bytes, opening: path, flags: O_WRONLY, isDurable: false)
        }
        let target = exists ? resolved(path) : path
        let (directory, name) = (directory(of: target), name(of: target))
        let temporary = "\(directory)/.\(name).\(getpid()).\(UInt32.random(in: 0 ... .max)).tmp"
        do throws(FileError) {
            try write(bytes, opening: temporary, flags: O_WRONLY | O_CREAT | O_EXCL, isDurable: true)
            guard !exists || chmod(systemPath(temporary), status.st_mode & 0o7777) == 0 else { throw systemError(path) }
            guard rename(systemPath(temporary), systemPath(target)) == 0 else { throw systemError(path) }
        } catch {
            unlink(systemPath(temporary))
            let isMissing = error.reason == .missing
            throw FileError(file: path, reason: isMissing ? .system("there is no such directory") : error.reason)
        }
        // The new name is safe only once its directory is on the disk; some file systems cannot flush a directory.
        let descriptor = open(systemPath(directory), O_RDONLY | O_CLOEXEC)
        if descriptor >= 0 {
            fsync(descriptor)
            close(descriptor)
        }
    }

    private static func write(
        _ bytes: [UInt8], opening path: String, flags: CInt, isDurable: Bool
    ) throws(FileError) {
        let descriptor = open(systemPath(path), flags | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw systemError(path) }
        var failure: FileError?
        var written = 0
        while written < bytes.count && failure == nil {
            let count = bytes[written...].withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                failure = systemError(path)
            }
        }
        if failure == nil && isDurable && fsync(descriptor) != 0 { failure = systemError(path) }
        // Some file systems report a full disk only here.
        if close(descriptor) != 0 && failure == nil { failure = systemError(path) }
        if let failure { throw failure }
    }
}
