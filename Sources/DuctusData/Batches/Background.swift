import CDuctusKernels

/// A result that is computed on a thread of its own, as the next batch is during a training step.
///
/// Operations there run on that one thread, outside the thread pool. If `Threads.count` is 1, the result is computed
/// at once.
package final class Background<Result> {
    private final class Place {
        var result: Result?
    }

    private let work: Work
    private let place = Place()
    private var thread: OpaquePointer?

    /// Starts the computation.
    package init(_ body: @escaping @Sendable () -> Result) {
        work = Work { [place] in place.result = body() }
        thread = ductus_thread_start(Unmanaged.passUnretained(work).toOpaque()) { work in
            if let work { Unmanaged<Work>.fromOpaque(work).takeUnretainedValue().run() }
        }
    }

    deinit { wait() }

    /// Waits for the result. To be called by one thread at a time.
    package var result: Result {
        wait()
        guard let result = place.result else { preconditionFailure("Work in the background left no result.") }
        return result
    }

    private func wait() {
        ductus_thread_join(thread)
        thread = nil
    }
}

/// The work of a thread; a function that C calls cannot be generic.
private final class Work {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
}
