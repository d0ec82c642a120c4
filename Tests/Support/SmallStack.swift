#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The result of `body` on a thread with a stack of 512 KiB.
package func onSmallStack<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result {
    let place = Place<Result>()
    let work = Unmanaged.passRetained(Work { place.result = body() })
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 512 << 10)
    #if canImport(Darwin)
        var thread: pthread_t?
    #else
        var thread = pthread_t()
    #endif
    pthread_create(
        &thread, &attributes,
        { argument in
            let argument: UnsafeMutableRawPointer? = argument
            if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
            return nil
        }, work.toOpaque())
    #if canImport(Darwin)
        if let thread { pthread_join(thread, nil) }
    #else
        pthread_join(thread, nil)
    #endif
    guard let result = place.result else { fatalError("The thread has left no result.") }
    return result
}

/// Where a thread leaves its result, which is read after the thread has ended.
private final class Place<Result>: @unchecked Sendable { var result: Result? }

/// The work of a thread; a function that C calls cannot be generic.
private final class Work {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
}
