#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// A file that one program at a time may hold. It is let go with its owner, also when the program is killed.
package final class FileLock: Sendable {
    private let descriptor: CInt

    /// Takes the lock, or gives nil if somebody has it.
    /// - Throws: `FileError` if the file cannot be created.
    package init?(_ path: String) throws(FileError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw File.systemError(path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
