import Dispatch
import Synchronization

/// Feeds the trackers of a run while it is trained, each on a thread of its own.
final class TrackerThreads: Sendable {
    private struct Pace {
        /// The time between two looks at the files.
        static let usual = 1.0
        /// The longest time between two attempts to reach a tracker that has failed.
        static let longest = 60.0
        /// The time that training waits at its end for a tracker.
        static let last = 10.0
    }

    private let trackers: [any Tracker]
    private let directory: String
    private let isStopped = Atomic(false)
    private let isAbandoned = Atomic(false)
    private let wakers: [DispatchSemaphore]
    private let threads = DispatchGroup()

    init(_ trackers: [any Tracker], _ directory: String) {
        (self.trackers, self.directory) = (trackers, directory)
        wakers = trackers.map { _ in DispatchSemaphore(value: 0) }
    }

    /// Starts the threads. The files of the run must be those of this training already.
    func start() throws {
        guard !trackers.isEmpty else { return }
        let store = try DeliveryStore(directory)
        // Messages go where those of the training go.
        let listener = ReportListener.current
        for (tracker, waker) in zip(trackers, wakers) {
            DispatchQueue(label: "tracker \(tracker.key)").async(group: threads) { [self] in
                ReportListener.$current.withValue(listener) {
                    feed(TrackerFeed(tracker, directory, store), tracker.key, waker)
                }
            }
        }
    }

    private func feed(_ feed: TrackerFeed, _ name: String, _ waker: DispatchSemaphore) {
        var (wait, hasFailed) = (Pace.usual, false)
        while true {
            let isLast = isStopped.load(ordering: .acquiring)
            do {
                try feed.send { isAbandoned.load(ordering: .relaxed) }
                if isLast {
                    if !isAbandoned.load(ordering: .relaxed) { try feed.end() }
                    return
                }
                (wait, hasFailed) = (Pace.usual, false)
            } catch {
                if !hasFailed { report("\(name): \(error) Training goes on; what is missing is sent later.") }
                if isLast { return }
                (wait, hasFailed) = (min(2 * wait, Pace.longest), true)
            }
            _ = waker.wait(timeout: .now() + wait)
        }
    }

    /// Sends the rest, for a few seconds at most, and reports what the trackers do not have then.
    func finish() {
        guard !trackers.isEmpty else { return }
        isStopped.store(true, ordering: .releasing)
        for waker in wakers { waker.signal() }
        let isDone = threads.wait(timeout: .now() + Pace.last) == .success
        isAbandoned.store(true, ordering: .relaxed)
        let missing = trackers.filter { tracker in
            guard isDone, let store = try? DeliveryStore(directory) else { return true }
            return !store[tracker.key].hasEnded && File.exists("\(directory)/\(Run.outcomeName)")
        }
        for tracker in missing {
            report("\(tracker.key) does not have all of this run; send the rest with: ductus runs sync \(directory)")
        }
    }
}
