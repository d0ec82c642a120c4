/// A message in the wire format of Protocol Buffers (https://protobuf.dev/programming-guides/encoding).
package struct ProtocolBuffer {
    package private(set) var bytes: [UInt8] = []

    package init(_ build: (inout ProtocolBuffer) -> Void = { _ in }) { build(&self) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func tag(_ field: Int, _ wireType: Int) { varint(UInt64(field << 3 | wireType)) }

    package mutating func set(_ field: Int, _ value: Int) {
        tag(field, 0)
        varint(UInt64(bitPattern: Int64(value)))
    }

    package mutating func set(_ field: Int, _ value: Double) {
        tag(field, 1)
        bytes += littleEndian(value.bitPattern)
    }

    package mutating func set(_ field: Int, _ value: Float) {
        tag(field, 5)
        bytes += littleEndian(value.bitPattern)
    }

    package mutating func set(_ field: Int, _ value: [UInt8]) {
        tag(field, 2)
        varint(UInt64(value.count))
        bytes += value
    }

    package mutating func set(_ field: Int, _ text: String) { set(field, Array(text.utf8)) }

    package mutating func set(_ field: Int, _ build: (inout ProtocolBuffer) -> Void) {
        set(field, ProtocolBuffer(build).bytes)
    }

    /// A repeated field of numbers, packed.
    package mutating func set(_ field: Int, packed values: [Double]) {
        set(field, values.flatMap { littleEndian($0.bitPattern) })
    }
}

/// The bytes of a number, the lowest first.
func littleEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
}
