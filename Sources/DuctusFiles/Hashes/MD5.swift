#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// MD5 with the names of RFC 1321. It identifies files in the formats of other programs; it does not protect against
/// forgery, for which there is ``ContentHash``.
package enum MD5 {
    /// The digest of bytes as 32 hexadecimal digits.
    package static func hash(_ message: UnsafeRawBufferPointer) -> String {
        var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
        let whole = message.count / 64 * 64
        compress(UnsafeRawBufferPointer(rebasing: message[..<whole]), into: &state)
        // The rest, a bit, zeros, and the length in bits as a little-endian number fill one or two blocks.
        var rest = Array(message[whole...]) + [0x80]
        rest += repeatElement(0, count: (120 - rest.count) % 64)
        rest += (0..<8).map { UInt8(truncatingIfNeeded: (message.count * 8) >> (8 * $0)) }
        rest.withUnsafeBytes { compress($0, into: &state) }
        return ContentHash.hexadecimal(
            state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } })
    }

    /// The digest of bytes in memory.
    package static func hash(_ bytes: [UInt8]) -> String { bytes.withUnsafeBytes(hash) }

    /// The digest of a file.
    /// - Throws: `FileError`.
    package static func hash(contentsOf path: String) throws(FileError) -> String {
        try SharedBytes(contentsOf: path).withUnsafeBytes(hash)
    }

    private static func compress(_ blocks: UnsafeRawBufferPointer, into state: inout [UInt32]) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 16) { x in
            sines.withUnsafeBufferPointer { t in
                for start in stride(from: 0, to: blocks.count, by: 64) {
                    for k in 0..<16 {
                        x[k] = UInt32(
                            littleEndian: blocks.loadUnaligned(fromByteOffset: start + 4 * k, as: UInt32.self))
                    }
                    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
                    for i in 0..<64 {
                        let (mixed, k, shifts): (UInt32, Int, (UInt32, UInt32, UInt32, UInt32)) =
                            switch i / 16 {
                            case 0: (b & c | ~b & d, i, (7, 12, 17, 22))
                            case 1: (b & d | c & ~d, (5 * i + 1) % 16, (5, 9, 14, 20))
                            case 2: (b ^ c ^ d, (3 * i + 5) % 16, (4, 11, 16, 23))
                            default: (c ^ (b | ~d), 7 * i % 16, (6, 10, 15, 21))
                            }
                        let shift =
                            switch i % 4 {
                            case 0: shifts.0
                            case 1: shifts.1
                            case 2: shifts.2
                            default: shifts.3
                            }
                        let sum = a &+ mixed &+ x[k] &+ t[i]
                        (a, d, c, b) = (d, c, b, b &+ (sum &<< shift | sum &>> (32 &- shift)))
                    }
                    (state[0], state[1]) = (state[0] &+ a, state[1] &+ b)
                    (state[2], state[3]) = (state[2] &+ c, state[3] &+ d)
                }
            }
        }
    }

    /// ⌊2³² |sin i|⌋ for i = 1 … 64.
    private static let sines = (1...64).map { UInt32(4_294_967_296 * abs(sin(Double($0)))) }
}
