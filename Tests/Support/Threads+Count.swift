import DuctusAutograd

/// The number of threads is that of the process: whoever changes it waits for those who do already.
private let changing = Locked(())

/// Computes on some number of threads. Tests that do not change it run meanwhile, and do not depend on it.
package func onThreads<Result, Failure: Error>(
    _ count: Int, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
    try changing.withLock { (_: inout Void) throws(Failure) -> Result in
        let before = Threads.count
        Threads.count = count
        defer { Threads.count = before }
        return try body()
    }
}
