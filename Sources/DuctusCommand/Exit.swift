import Ductus

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// Sleeps.
func pause(seconds: UInt32) { sleep(seconds) }

/// Waits.
func pause(milliseconds: UInt32) { usleep(1000 * milliseconds) }

/// Exits.
func stop(_ status: Int32) -> Never { exit(status) }

/// Writes to standard output without buffering.
/// - Throws: `FileError` if that is not possible, as on a full disk.
func printResult(_ text: String) throws(FileError) { try printResult(Array(text.utf8)) }

/// Writes to standard output without buffering; of several ranks, only the first does.
/// - Throws: `FileError` if that is not possible, as on a full disk.
func printResult(_ bytes: [UInt8]) throws(FileError) {
    guard Job.communicator.isFirst else { return }
    var done = 0
    while done < bytes.count {
        let count = bytes[done...].withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw File.systemError("standard output") }
        done += count
    }
}
