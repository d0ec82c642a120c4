#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// What this process has used of the machine.
package enum ProcessUsage {
    /// The processor time of all threads, in seconds.
    package static var seconds: Double {
        let usage = usage
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// The peak of the memory, in bytes; nil if it is not known.
    package static var peakMemory: Int? {
        #if os(Linux)
            // `ru_maxrss` would include the program that has started this one.
            guard let bytes = try? File.readBytes("/proc/self/status", maximumBytes: 1 << 16) else { return nil }
            let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            return line?.split(separator: " ").compactMap { Int($0) }.first.map { 1024 * $0 }
        #else
            return usage.ru_maxrss
        #endif
    }

    private static var usage: rusage {
        var usage = rusage()
        #if canImport(Darwin)
            getrusage(RUSAGE_SELF, &usage)
        #else
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        #endif
        return usage
    }
}
