import Synchronization

/// A stopwatch.
final class Timer: Sendable {
    private let start = Mutex(ContinuousClock.now)

    var elapsed: Duration { start.withLock { .now - $0 } }

    func restart() { start.withLock { $0 = .now } }
}
