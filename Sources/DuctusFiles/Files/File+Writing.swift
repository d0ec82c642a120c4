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
    ///
    /// - Parameter isDurable: whether the bytes are flushed to disk. Who writes many files calls ``synchronize()`` once.
    package static func write(_ bytes: [UInt8], to path: String, isDurable: Bool = true) throws(FileError) {
        var status = stat()
        let exists = stat(systemPath(path), &status) == 0
        guard exists, status.st_mode & S_IFMT != S_IFREG, status.st_mode & S_IFMT != S_IFDIR else {
            let replacement = try FileReplacement(of: path)
            try replacement.append(bytes)
            return try replacement.commit(isDurable: isDurable)
        }
        let descriptor = open(systemPath(path), O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemError(path) }
        var failure = bytes.withUnsafeBytes { Self.failure(writing: $0, to: descriptor, named: path) }
        if close(descriptor) != 0 && failure == nil { failure = systemError(path) }
        if let failure { throw failure }
    }

    /// Appends bytes to the first `length` bytes of a file; what comes after them is removed. The file is created if it does
    /// not exist. The bytes are flushed to disk.
    package static func append(_ bytes: [UInt8], to path: String, at length: Int) throws(FileError) {
        guard length == 0 || size(path) ?? 0 >= length else {
            throw FileError(file: path, reason: .system("something has shortened the file"))
        }
        let descriptor = open(systemPath(path), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw systemError(path) }
        var failure = ftruncate(descriptor, off_t(length)) == 0 ? nil : systemError(path)
        failure = failure ?? bytes.withUnsafeBytes { Self.failure(writing: $0, to: descriptor, named: path) }
        if failure == nil && fsync(descriptor) != 0 { failure = systemError(path) }
        if close(descriptor) != 0 && failure == nil { failure = systemError(path) }
        if let failure { throw failure }
    }

    /// Writes all bytes, also where the system takes only some at a time.
    /// - Returns: nil, or why that failed.
    fileprivate static func failure(
        writing bytes: UnsafeRawBufferPointer, to descriptor: CInt, named path: String
    ) -> FileError? {
        var rest = bytes
        while !rest.isEmpty {
            let count = systemWrite(descriptor, rest.baseAddress, rest.count)
            if count >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else if errno != EINTR {
                return systemError(path)
            }
        }
        return nil
    }
}

/// A file that is written piece by piece and takes the place of another once it is complete.
///
/// ```swift
/// let replacement = try FileReplacement(of: "features.safetensors")
/// for piece in pieces { try replacement.append(piece) }
/// try replacement.commit()                                 // without it, nothing changes
/// ```
package final class FileReplacement {
    private let path: String
    private let target: String
    private let temporary: String
    private let permissions: mode_t?
    private var descriptor: CInt

    /// Creates the temporary file in the directory of the file, or of what a symbolic link there leads to.
    package init(of path: String) throws(FileError) {
        var status = stat()
        let exists = stat(File.systemPath(path), &status) == 0
        if exists && status.st_mode & S_IFMT == S_IFDIR { throw FileError(file: path, reason: .isDirectory) }
        self.path = path
        permissions = exists ? status.st_mode & 0o7777 : nil
        target = exists ? File.resolved(path) : path
        let (directory, name) = (File.directory(of: target), File.name(of: target))
        temporary = "\(directory)/.\(name).\(getpid()).\(UInt32.random(in: 0 ... .max)).tmp"
        descriptor = open(File.systemPath(temporary), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            let error = File.systemError(path)
            throw FileError(
                file: path, reason: error.reason == .missing ? .system("there is no such directory") : error.reason)
        }
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        unlink(File.systemPath(temporary))
    }

    /// Writes bytes at the end.
    package func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        if let failure = File.failure(writing: bytes, to: descriptor, named: path) { throw failure }
    }

    /// Writes bytes at the end.
    package func append(_ bytes: [UInt8]) throws(FileError) {
        let failure = bytes.withUnsafeBytes { File.failure(writing: $0, to: descriptor, named: path) }
        if let failure { throw failure }
    }

    /// Writes bytes over those at the beginning.
    package func overwriteStart(_ bytes: [UInt8]) throws(FileError) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw File.systemError(path) }
        try append(bytes)
        guard lseek(descriptor, 0, SEEK_END) >= 0 else { throw File.systemError(path) }
    }

    /// Flushes the file to disk, unless that is not asked for, and renames it.
    package func commit(isDurable: Bool = true) throws(FileError) {
        guard !isDurable || fsync(descriptor) == 0 else { throw File.systemError(path) }
        let closed = close(descriptor)
        descriptor = -1
        do throws(FileError) {
            // Some file systems report a full disk only here.
            guard closed == 0 else { throw File.systemError(path) }
            if let permissions, chmod(File.systemPath(temporary), permissions) != 0 { throw File.systemError(path) }
            guard rename(File.systemPath(temporary), File.systemPath(target)) == 0 else { throw File.systemError(path) }
        } catch {
            unlink(File.systemPath(temporary))
            throw error
        }
        guard isDurable else { return }
        // The new name is safe only once its directory is on the disk; some file systems cannot flush a directory.
        let directory = open(File.systemPath(File.directory(of: target)), O_RDONLY | O_CLOEXEC)
        if directory >= 0 {
            fsync(directory)
            close(directory)
        }
    }
}
