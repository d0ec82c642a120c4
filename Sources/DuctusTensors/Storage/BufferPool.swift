#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Keeps freed buffers for the next tensor of about the same size.
///
/// A newly allocated buffer costs a page fault every 4 KiB, many times the cost of the arithmetic that fills it.
public final class BufferPool: Sendable {
    /// The pool that all tensors allocate from.
    public static let shared = BufferPool()

    /// How much memory a pool holds, in bytes.
    public struct Usage: Sendable {
        /// Bytes held by tensors.
        public var inUse = 0
        /// Bytes kept for future tensors.
        public var cached = 0
        /// The largest value of `inUse` so far.
        public var peak = 0
        /// The number of buffers allocated from the system.
        public var allocations = 0
    }

    /// Kept buffers of one size, and when that size was last requested.
    private struct Kept {
        var buffers: [UnsafeMutableRawPointer] = []
        var lastUse = 0
    }

    private typealias Evicted = (buffer: UnsafeMutableRawPointer, capacity: Int)

    private struct State {
        /// By size class.
        var free = [Kept](repeating: Kept(), count: SizeClass.count)
        var usage = Usage()
        var clock = 0

        /// The pool may hold half again as much as the peak usage, so that sizes that are never requested again cannot
        /// pile up.
        var limit: Int { max(usage.peak / 2 * 3, 64 << 20) }

        /// Removes the buffers of the least recently requested size.
        mutating func evictOldest() -> [Evicted] {
            let filled = free.indices.filter { !free[$0].buffers.isEmpty }
            guard let oldest = filled.min(by: { free[$0].lastUse < free[$1].lastUse }) else { return [] }
            let capacity = SizeClass(index: oldest).capacity
            let evicted = free[oldest].buffers.map { (buffer: $0, capacity: capacity) }
            free[oldest].buffers = []
            usage.cached -= capacity * evicted.count
            return evicted
        }
    }
    private let state = Locked(State())

    /// How much memory the pool holds now.
    public var usage: Usage { state.withLock { $0.usage } }

    /// A 64-byte aligned buffer of at least `bytes` with undefined contents, and its size class.
    func take(_ bytes: Int) -> (buffer: UnsafeMutableRawPointer, size: SizeClass) {
        let wanted = SizeClass(holding: bytes)
        var evicted: [Evicted] = []
        let (kept, size) = state.withLock { state -> (UnsafeMutableRawPointer?, SizeClass) in
            state.clock += 1
            // A larger kept buffer is better than newly allocated memory.
            let index = wanted.substitutes.first { !state.free[$0].buffers.isEmpty }
            let size = SizeClass(index: index ?? wanted.index)
            state.usage.inUse += size.capacity
            state.usage.peak = max(state.usage.peak, state.usage.inUse)
            state.free[size.index].lastUse = state.clock
            if index != nil {
                state.usage.cached -= size.capacity
                return (state.free[size.index].buffers.removeLast(), size)
            }
            state.usage.allocations += 1
            while state.usage.cached > 0, state.usage.inUse + state.usage.cached > state.limit {
                evicted += state.evictOldest()
            }
            return (nil, size)
        }
        for (buffer, capacity) in evicted { Self.release(buffer, capacity: capacity) }
        return (kept ?? allocate(size.capacity), size)
    }

    func giveBack(_ buffer: UnsafeMutableRawPointer, size: SizeClass) {
        state.withLock { state in
            state.usage.inUse -= size.capacity
            state.usage.cached += size.capacity
            state.free[size.index].buffers.append(buffer)
        }
    }

    /// Returns all kept buffers to the system.
    public func trim() {
        let buffers = state.withLock { state in
            var all: [Evicted] = []
            while state.usage.cached > 0 { all += state.evictOldest() }
            return all
        }
        for (buffer, capacity) in buffers { Self.release(buffer, capacity: capacity) }
    }

    // One page of 2 MiB instead of 512 of 4 KiB: one page fault and one TLB entry.
    private static let hugePage = 2 << 20

    private func allocate(_ capacity: Int) -> UnsafeMutableRawPointer {
        // Arrays that are used together start at different offsets within a page: processors at first mistake accesses
        // 4 KiB apart for the same address (4K aliasing).
        let isHuge = capacity >= Self.hugePage
        let offset = isHuge ? usage.allocations % 7 * 576 : 0
        var fresh: UnsafeMutableRawPointer?
        guard posix_memalign(&fresh, isHuge ? Self.hugePage : 64, capacity + offset) == 0, let fresh else {
            preconditionFailure("Out of memory: cannot allocate \(capacity) bytes for a tensor.")
        }
        #if os(Linux)
            if isHuge { madvise(fresh, capacity + offset, MADV_HUGEPAGE) }
        #endif
        return fresh + offset
    }

    private static func release(_ buffer: UnsafeMutableRawPointer, capacity: Int) {
        let address = UInt(bitPattern: buffer)
        free(capacity >= hugePage ? UnsafeMutableRawPointer(bitPattern: address & ~UInt(hugePage - 1)) : buffer)
    }
}

/// Buffer sizes in steps of an eighth of a power of two, so that at most an eighth is wasted.
struct SizeClass {
    let index: Int

    static let count = 512

    init(index: Int) { self.index = index }

    /// The smallest class that holds `bytes`.
    init(holding bytes: Int) {
        // Up to eight cache lines of 64 bytes, then (9 … 16) · 2ᵉ of them.
        let last = max(bytes - 1, 0) >> 6
        let exponent = max(0, Int.bitWidth - last.leadingZeroBitCount - 4)
        index = exponent << 3 + last >> exponent
    }

    /// Indices of acceptable classes: this one, and for large buffers those up to four times as large, so that training
    /// steps of varying sizes do not each need buffers of their own.
    var substitutes: ClosedRange<Int> { index...min(index + (capacity >= 1 << 16 ? 16 : 0), Self.count - 1) }

    /// The size of a buffer in bytes.
    var capacity: Int {
        let exponent = max(0, index >> 3 - 1)
        return (index - exponent << 3 + 1) << (exponent + 6)
    }
}

/// The elements of one or more tensors: memory from the pool, initially undefined, or memory borrowed from another
/// object.
///
/// Sendable: elements are written only through a tensor that is the storage's only user, or before it has any other.
final class Storage<Scalar: TensorScalar>: @unchecked Sendable {
    let count: Int
    let base: UnsafeMutablePointer<Scalar>
    private let origin: Origin

    private enum Origin {
        case pool(SizeClass)
        case borrowed(AnyObject)
    }

    init(count: Int) {
        self.count = count
        let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Scalar>.stride)
        precondition(
            !overflow && bytes <= 1 << 60,
            "Out of memory: a tensor of \(count) elements of \(Scalar.self) cannot exist.")
        let (buffer, size) = BufferPool.shared.take(bytes)
        base = buffer.bindMemory(to: Scalar.self, capacity: count)
        origin = .pool(size)
    }

    /// Elements in memory of `owner`, which is kept alive. Others may read them too, so they are never written.
    init(borrowing base: UnsafeMutablePointer<Scalar>, count: Int, from owner: AnyObject) {
        (self.base, self.count, origin) = (base, count, .borrowed(owner))
    }

    /// Whether the memory belongs to another object.
    var isBorrowed: Bool {
        if case .borrowed = origin { true } else { false }
    }

    deinit {
        if case .pool(let size) = origin { BufferPool.shared.giveBack(UnsafeMutableRawPointer(base), size: size) }
    }
}
