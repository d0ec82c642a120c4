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
        /// Buffers that had to come from the system.
        public var allocations = 0
    }

    private struct State: @unchecked Sendable {
        var free: [Int: [UnsafeMutableRawPointer]] = [:]
        var usage = Usage()
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
            guard let buffer = state.free[capacity]?.popLast() else {
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
        state.withLock { state in
            state.usage.inUse -= capacity
            state.usage.cached += capacity
            state.free[capacity, default: []].append(buffer)
        }
    }

    /// Returns all kept buffers to the system.
    public func trim() {
        let buffers = state.withLock { state in
            defer {
                state.free = [:]
                state.usage.cached = 0
            }
            return State(free: state.free)
        }
        for buffer in buffers.free.values.joined() { free(buffer) }
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
