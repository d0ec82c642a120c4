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
        // Another program may be looking at the lock (`isHeld`), which takes a moment.
        var attempts = 1
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard attempts < 3 else {
                close(descriptor)
                return nil
            }
            attempts += 1
            usleep(2000)
        }
        self.descriptor = descriptor
    }

    /// Whether a lock is held now. Nothing is created.
    package static func isHeld(_ path: String) -> Bool {
        let descriptor = open(File.systemPath(path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { Self.release(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }

    /// Waits while a lock is held. Nothing is created.
    package static func waitForRelease(_ path: String) { while isHeld(path) { usleep(50_000) } }

    /// Closing alone would leave the lock to a program that is just being started by another thread: until it is replaced
    /// by that program, a new process shares all descriptors.
    private static func release(_ descriptor: CInt) {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    deinit { Self.release(descriptor) }
}
