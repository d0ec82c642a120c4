import CDuctusKernels

/// Floating-point numbers of 16 bits, as files hold them. `Float16` is not available on every platform.
extension Float {
    /// The number with the IEEE 754 binary16 representation `bits`.
    init(halfPrecision bits: UInt16) {
        let magnitude = UInt32(bits & 0x7FFF) << 13
        let sign = UInt32(bits & 0x8000) << 16
        // The exponent biases differ by 112; the product also normalizes subnormal numbers.
        let value =
            bits & 0x7C00 == 0x7C00
            ? Float(bitPattern: magnitude | 0x7F80_0000) : Float(bitPattern: magnitude) * 0x1p112
        self.init(bitPattern: value.bitPattern | sign)
    }

    /// The nearest IEEE 754 binary16 number, ties to even; nil for a finite number that is nearest to infinity.
    var halfPrecision: UInt16? {
        let sign = UInt16(truncatingIfNeeded: bitPattern >> 16) & 0x8000
        let bits = bitPattern & 0x7FFF_FFFF
        if isNaN { return sign | 0x7E00 }
        if isInfinite { return sign | 0x7C00 }
        // Halfway between the largest number and what would follow it.
        guard magnitude < 65520 else { return nil }
        if magnitude < 0x1p-14 {
            // Subnormal numbers are multiples of 2⁻²⁴; the sum leaves them in the low bits, rounded.
            return sign | UInt16(truncatingIfNeeded: (magnitude + 0.5).bitPattern - Float(0.5).bitPattern)
        }
        return sign | UInt16(truncatingIfNeeded: (bits - (112 << 23) + 0xFFF + (bits >> 13 & 1)) >> 13)
    }

    /// The upper half of the nearest number that has no lower one, ties to even; nil for a finite number nearest to infinity.
    var bfloat16: UInt16? {
        var word: UInt16 = 0
        withUnsafePointer(to: self) { ductus_bfloat16_round(1, $0, &word) }
        return isFinite && word & 0x7FFF == 0x7F80 ? nil : word
    }
}
