import Dispatch
import Synchronization

/// Runs one job at a time, apart from the threads that serve connections, and refuses jobs when too many wait.
///
/// A job uses all threads of the pool for its operations. Two jobs at a time would get in each other's way: an
/// operation that finds the pool busy runs on a single thread. One at a time takes no longer for all of them together,
/// the first is done earlier, and only one page's feature maps are in memory.
final class ReadingQueue: Sendable {
    /// The numbers of jobs, and how long they took.
    struct Load {
        /// The jobs that wait.
        var waiting = 0
        /// The jobs that run, 0 or 1.
        var running = 0
        /// The mean seconds of the latest jobs.
        var seconds = 1.0
    }

    /// The number of jobs that may wait.
    let capacity: Int
    private let state = Mutex(Load())
    private let worker = DispatchQueue(label: "ductus.reading", qos: .userInitiated)

    init(capacity: Int) { self.capacity = capacity }

    /// The numbers of jobs at this moment.
    var load: Load { state.withLock { $0 } }

    /// Runs a job after those that wait already.
    ///
    /// - Parameters:
    ///   - deadline: when the caller stops waiting. A job that has not begun by then never does; one that has should end
    ///     as soon as it sees that its result is no longer pending.
    ///   - work: the job. It may give its result before it ends.
    /// - Throws: ``Problem`` if too many jobs wait or the deadline passes, or the error of the job.
    func run<Value: Sendable>(
        until deadline: ContinuousClock.Instant,
        _ work: @escaping @Sendable (_ result: OneShot<Value>) throws -> Value
    ) async throws -> Value {
        try admit()
        let result = OneShot<Value>()
        let job = WaitingJob { result.give(Result { try work(result) }) }
        let timer = Task {
            try await Task.sleep(until: deadline, clock: .continuous)
            result.give(.failure(job.waits ? Self.isBusy(seconds: 5) : Self.isLate))
        }
        defer {
            timer.cancel()
            _ = take(job)
        }
        worker.async { [self] in
            guard let work = take(job), result.isPending else { return }
            state.withLock { $0.running += 1 }
            defer { state.withLock { $0.running -= 1 } }
            let start = ContinuousClock.now
            work()
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            state.withLock { $0.seconds += (seconds - $0.seconds) * 0.2 }
        }
        return try await withTaskCancellationHandler {
            try await result.value
        } onCancel: {
            result.give(.failure(CancellationError()))
        }
    }

    /// Refuses a job that would have no place, before anything is done for it.
    /// - Throws: ``Problem`` if too many jobs wait.
    func checkRoom() throws { try state.withLock { try checkRoom($0) } }

    private func admit() throws {
        try state.withLock { load in
            try checkRoom(load)
            load.waiting += 1
        }
    }

    private func checkRoom(_ load: Load) throws {
        guard load.waiting >= capacity else { return }
        let seconds = load.seconds * Double(load.waiting + 1)
        throw Problem.unavailable(
            "\(capacity) requests are waiting already; send this one again later.", status: .tooManyRequests,
            retryAfter: min(max(Int(seconds.rounded(.up)), 1), 600))
    }

    /// The work of a job, which waits no longer; nil if it has been taken before.
    private func take(_ job: WaitingJob) -> WaitingJob.Work? {
        guard let work = job.take() else { return nil }
        state.withLock { $0.waiting -= 1 }
        return work
    }

    /// Nobody waits for what would still be read.
    static let isLate = Problem(
        .gatewayTimeout, "Reading took longer than the deadline; send a smaller image, or fewer at once.")

    private static func isBusy(seconds: Int) -> Problem {
        .unavailable("The deadline passed before the request's turn came; send it again later.", retryAfter: seconds)
    }
}

/// A job until its turn comes, or until nobody waits for it any longer, which frees the memory of its request at once.
private final class WaitingJob: Sendable {
    typealias Work = @Sendable () -> Void

    private let work: Mutex<Work?>

    init(_ work: @escaping Work) { self.work = Mutex(work) }

    var waits: Bool { work.withLock { $0 != nil } }

    func take() -> Work? {
        work.withLock { work in
            defer { work = nil }
            return work
        }
    }
}
