import CDuctusKernels

/// The threads shared by all operations.
public enum Threads {
    /// The number of threads per operation: `DUCTUS_NUM_THREADS` if set, otherwise the number of cores. Results are
    /// bit-identical for any number.
    public static var count: Int {
        get { ductus_thread_count() }
        set { ductus_set_thread_count(newValue) }
    }
}

/// Calls `body(0) … body(count − 1)`, in any order, on all threads. Bodies must not write to the same memory.
package func parallel(_ count: Int, _ body: (Int) -> Void) {
    guard count > 1 else { return count == 1 ? body(0) : () }
    withoutActuallyEscaping(body) { body in
        var context = body
        withUnsafeMutablePointer(to: &context) { pointer in
            ductus_parallel(count, pointer) { context, index in
                context!.assumingMemoryBound(to: ((Int) -> Void).self).pointee(index)
            }
        }
    }
}

/// Splits `0..<count` into runs of `grain` and calls `body` with each, in any order, on all threads. The grain must not
/// depend on the number of threads.
package func parallelRanges(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    let grain = max(grain, 1)
    guard count > grain else { return count > 0 ? body(0..<count) : () }
    parallel((count + grain - 1) / grain) { body($0 * grain..<min(($0 + 1) * grain, count)) }
}

/// `body(0) … body(count − 1)`, computed on all threads.
package func parallelMap<Result>(_ count: Int, _ body: (Int) -> Result) -> [Result] {
    [Result](unsafeUninitializedCapacity: count) { results, initialized in
        guard let base = results.baseAddress else { return }
        parallel(count) { (base + $0).initialize(to: body($0)) }
        initialized = count
    }
}
