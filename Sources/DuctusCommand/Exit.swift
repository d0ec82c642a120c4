#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// Exits.
func stop(_ status: Int32) -> Never { exit(status) }

/// Writes to standard output without buffering.
func printResult(_ text: String) {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
        let count = bytes[done...].withUnsafeBytes { write(1, $0.baseAddress!, $0.count) }
        if count <= 0 { return }
        done += count
    }
}
