/// The element types of files. Tensors have five of them.
public enum ElementType: String, Sendable, CaseIterable, CustomStringConvertible {
    /// One byte, 0 or 1.
    case bool
    /// Signed integers of 8, 16, 32 and 64 bits.
    case int8, int16, int32, int64
    /// Unsigned integers of 8, 16, 32 and 64 bits.
    case uint8, uint16, uint32, uint64
    /// IEEE 754 binary floating-point numbers of 16, 32 and 64 bits.
    case float16, float32, float64
    /// The upper 16 bits of a `float32`.
    case bfloat16

    /// The size of one element in bytes.
    public var size: Int {
        switch self {
        case .bool, .int8, .uint8: 1
        case .int16, .uint16, .float16, .bfloat16: 2
        case .int32, .uint32, .float32: 4
        case .int64, .uint64, .float64: 8
        }
    }

    public var description: String { rawValue }

    var isFloatingPoint: Bool { [.float16, .bfloat16, .float32, .float64].contains(self) }

    /// The size of an array in bytes, or nil if it overflows. The other extents may not overflow even if one of them is
    /// 0, since strides are their products.
    func byteCount(of extents: [Int]) -> Int? {
        var bytes = size
        for extent in extents where extent > 0 {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
            if overflow { return nil }
            bytes = product
        }
        return extents.contains(0) ? 0 : bytes
    }
}
