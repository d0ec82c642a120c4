#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// An exclusive lock on a file. It is released with this object, or when the process ends.
package final class FileLock: Sendable {
    private let descriptor: CInt

    /// Acquires the lock; nil if it is held already.
    /// - Throws: `FileError` if the file cannot be created.
    package init?(_ path: String) throws(FileError) {
        let descriptor = open(File.systemPath(path), O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw File.systemError(path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
