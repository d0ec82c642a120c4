#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// Writes progress or a warning to standard error, unbuffered.
package func report(_ text: String, terminator: String = "\n") {
    let bytes = Array((File.shown(text) + terminator).utf8)
    _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
}
