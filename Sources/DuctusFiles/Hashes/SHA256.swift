/// SHA-256 with the names of FIPS 180-4, section 6.2.
enum SHA256 {
    /// The 32 bytes of the digest.
    static func hash(_ message: UnsafeRawBufferPointer) -> [UInt8] {
        var state = initial
        let whole = message.count / 64 * 64
        compress(UnsafeRawBufferPointer(rebasing: message[..<whole]), into: &state)
        // The rest, a bit, zeros, and the length in bits as a big-endian number fill one or two blocks.
        var rest = Array(message[whole...]) + [0x80]
        rest += repeatElement(0, count: (120 - rest.count) % 64)
        rest += (0..<8).map { UInt8(truncatingIfNeeded: (message.count * 8) >> (56 - 8 * $0)) }
        rest.withUnsafeBytes { compress($0, into: &state) }
        return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }
    }

    private static func compress(_ blocks: UnsafeRawBufferPointer, into state: inout [UInt32]) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { w in
            constants.withUnsafeBufferPointer { k in
                for start in stride(from: 0, to: blocks.count, by: 64) {
                    for t in 0..<16 {
                        w[t] = UInt32(bigEndian: blocks.loadUnaligned(fromByteOffset: start + 4 * t, as: UInt32.self))
                    }
                    for t in 16..<64 {
                        let (x, y) = (w[t - 15], w[t - 2])
                        let s0 = rotated(x, 7) ^ rotated(x, 18) ^ x >> 3
                        let s1 = rotated(y, 17) ^ rotated(y, 19) ^ y >> 10
                        w[t] = w[t - 16] &+ s0 &+ w[t - 7] &+ s1
                    }
                    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
                    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
                    for t in 0..<64 {
                        let s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
                        let first = h &+ s1 &+ (e & f ^ ~e & g) &+ k[t] &+ w[t]
                        let s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
                        let second = s0 &+ (a & b ^ a & c ^ b & c)
                        (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
                    }
                    (state[0], state[1], state[2], state[3]) = (
                        state[0] &+ a, state[1] &+ b, state[2] &+ c, state[3] &+ d
                    )
                    (state[4], state[5], state[6], state[7]) = (
                        state[4] &+ e, state[5] &+ f, state[6] &+ g, state[7] &+ h
                    )
                }
            }
        }
    }

    @inline(__always)
    private static func rotated(_ x: UInt32, _ count: UInt32) -> UInt32 { x &>> count | x &<< (32 &- count) }

    private static let primes = Array((2...311).filter { n in !(2..<n).contains { n % $0 == 0 } }.prefix(64))

    /// The first 32 fractional bits of the square roots of the first eight primes.
    private static let initial = primes.prefix(8).map { root in
        UInt32(truncatingIfNeeded: bits(of: root, power: 2))
    }

    /// The first 32 fractional bits of the cube roots of the first 64 primes.
    private static let constants = primes.map { UInt32(truncatingIfNeeded: bits(of: $0, power: 3)) }

    /// ⌊2³² · n^(1/power)⌋, by bisection in integers.
    private static func bits(of n: Int, power: Int) -> UInt64 {
        let target = UInt128(n) << UInt128(32 * power)
        var (low, high) = (UInt64(1) << 32, UInt64(32) << 32)
        while low + 1 < high {
            let middle = (low + high) / 2
            let raised = (1..<power).reduce(UInt128(middle)) { product, _ in product * UInt128(middle) }
            if raised <= target { low = middle } else { high = middle }
        }
        return low
    }
}
