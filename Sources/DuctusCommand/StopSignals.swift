import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// The signals by which batch systems announce the end of a job: SIGTERM, and SIGUSR1, which `mpirun` passes on.
enum StopSignals {
    private static let hasArrived = Atomic(false)

    /// Whether one of them has arrived since `watch()`.
    static var haveArrived: Bool { hasArrived.load(ordering: .relaxed) }

    /// Waits for the signals. The second of a kind has its usual effect, which is to end the program at once.
    static func watch() {
        guard !haveArrived else { return }
        for number in [SIGTERM, SIGUSR1] {
            signal(number) { number in
                StopSignals.hasArrived.store(true, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
        }
    }
}
