#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// Receives every complete line that is reported in a task, besides standard error.
package final class ReportListener: Sendable {
    // An object, since a task-local function crashes programs that are built for speed (Swift 6.3).
    @TaskLocal package static var current: ReportListener?
    private let receive: @Sendable (String) -> Void

    package init(_ receive: @escaping @Sendable (String) -> Void) { self.receive = receive }

    package func callAsFunction(_ line: String) { receive(line) }
}

/// Writes progress or a warning to standard error, unbuffered.
package func report(_ text: String, terminator: String = "\n") {
    if terminator == "\n" { ReportListener.current?(text) }
    let bytes = Array((File.shown(text) + terminator).utf8)
    _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
}
