import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Keeps freed buffers for the next tensor of about the same size.
///
/// A fresh buffer costs a page fault every 4 KiB, many times the price of the arithmetic that fills it.
public final class BufferPool: Sendable {
    public static let shared = BufferPool()

    /// Bytes handed out and bytes kept for reuse.
    public struct Usage: Sendable {
        public var inUse = 0
        public var cached = 0
        /// The largest `inUse` so far.
        public var peak = 0
        /// Buffers that had to come from the system.
        public var allocations = 0
    }

    /// Kept buffers of one size, and when the size was last asked for.
    private struct SizeClass {
        var buffers: [UnsafeMutableRawPointer] = []
        var lastUse = 0
    }

    private struct State: @unchecked Sendable {
        var free: [Int: SizeClass] = [:]
        var usage = Usage()
        var clock = 0

        /// Kept bytes may be as many as were in use at once, so that sizes which do not come back cannot pile up.
        var limit: Int { max(usage.peak, 64 << 20) }

        /// Takes out the buffers of the size that was not asked for the longest.
        mutating func evictOldest() -> [UnsafeMutableRawPointer] {
            guard let oldest = free.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return [] }
            free[oldest.key] = nil
            usage.cached -= oldest.key * oldest.value.buffers.count
            return oldest.value.buffers
        }
    }
    private let state = Mutex(State())

    public var usage: Usage { state.withLock { $0.usage } }

    /// Sizes grow in steps of an eighth of a power of two, so that at most an eighth is wasted.
    static func capacity(for bytes: Int) -> Int {
        let wanted = max(bytes, 64)
        let step = max(64, 1 << (Int.bitWidth - wanted.leadingZeroBitCount - 4))
        return (wanted + step - 1) / step * step
    }

    /// A buffer of at least `bytes`, 64-byte aligned, contents undefined.
    func take(_ bytes: Int) -> UnsafeMutableRawPointer {
        let capacity = Self.capacity(for: bytes)
        let reused: UnsafeMutableRawPointer? = state.withLock { state in
            state.usage.inUse += capacity
            state.usage.peak = max(state.usage.peak, state.usage.inUse)
            state.clock += 1
            state.free[capacity, default: SizeClass()].lastUse = state.clock
            guard let buffer = state.free[capacity]?.buffers.popLast() else {
                state.usage.allocations += 1
                return nil
            }
            state.usage.cached -= capacity
            return buffer
        }
        if let reused { return reused }
        var fresh: UnsafeMutableRawPointer?
        guard posix_memalign(&fresh, 64, capacity) == 0, let fresh else {
            preconditionFailure("Out of memory: \(capacity) bytes for a tensor.")
        }
        return fresh
    }

    func giveBack(_ buffer: UnsafeMutableRawPointer, bytes: Int) {
        let capacity = Self.capacity(for: bytes)
        let evicted = state.withLock { state in
            state.usage.inUse -= capacity
            state.usage.cached += capacity
            state.free[capacity, default: SizeClass()].buffers.append(buffer)
            var evicted: [UnsafeMutableRawPointer] = []
            while state.usage.cached > state.limit { evicted += state.evictOldest() }
            return evicted
        }
        for buffer in evicted { free(buffer) }
    }

    /// Returns all kept buffers to the system.
    public func trim() {
        let buffers = state.withLock { state in
            var all: [UnsafeMutableRawPointer] = []
            while !state.free.isEmpty { all += state.evictOldest() }
            return all
        }
        for buffer in buffers { free(buffer) }
    }
}

/// The elements of one or more tensors. Uninitialised at first; returns its memory to the pool.
final class Storage<Scalar: TensorScalar>: @unchecked Sendable {
    let count: Int
    let base: UnsafeMutablePointer<Scalar>

    init(count: Int) {
        self.count = count
        base = BufferPool.shared.take(count * MemoryLayout<Scalar>.stride).bindMemory(to: Scalar.self, capacity: count)
    }

    deinit { BufferPool.shared.giveBack(UnsafeMutableRawPointer(base), bytes: count * MemoryLayout<Scalar>.stride) }
}
