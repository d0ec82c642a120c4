import Ductus
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// The progress of downloads: a line that changes on a terminal, else a line per file.
final class ProgressLine: Sendable {
    private struct State {
        var name = ""
        var shown = ContinuousClock.now - .seconds(60)
        var isOpen = false
    }

    private let state = Mutex(State())
    private let isTerminal = isatty(2) == 1

    /// Shows how many bytes of a file are there.
    func show(_ name: String, _ done: Int, _ total: Int?) {
        state.withLock { state in
            let isNew = state.name != name
            guard isTerminal else {
                if isNew { report("Downloading \(name)\(total.map { ", \(File.shown(bytes: $0))" } ?? "").") }
                state.name = name
                return
            }
            let isDone = done == total
            guard isNew || isDone || ContinuousClock.now - state.shown > .milliseconds(100) else { return }
            let percent = total.map { $0 > 0 ? ", \(done * 100 / $0) %" : "" } ?? ""
            report("\r\u{1B}[K\(name): \(File.shown(bytes: done))\(percent)", terminator: isDone ? "\n" : "")
            state = State(name: name, shown: .now, isOpen: !isDone)
        }
    }

    /// Ends the line.
    func end() {
        state.withLock { state in
            if state.isOpen { report("") }
            state.isOpen = false
        }
    }
}
