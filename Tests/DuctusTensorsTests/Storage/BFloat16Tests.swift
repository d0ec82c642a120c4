import CDuctusKernels
import Testing

/// Rounding to 16 bits, as it is done before gradients are sent.
@Suite struct BFloat16Tests {
    private func rounded(_ values: [Float]) -> [UInt16] {
        var bits = [UInt16](repeating: 0, count: values.count)
        ductus_bfloat16_round(values.count, values, &bits)
        return bits
    }

    private func widened(_ bits: [UInt16]) -> [Float] {
        var values = [Float](repeating: 0, count: bits.count)
        ductus_bfloat16_widen(bits.count, bits, &values)
        return values
    }

    /// Between 1 and its successor 1 + 2⁻⁷; ties go to the number whose last bit is 0.
    @Test(arguments: [
        (Float(1), Float(1)), (0x1.01p0, 1), (0x1.010002p0, 0x1.02p0), (0x1.03p0, 0x1.04p0), (-0x1.03p0, -0x1.04p0),
        (0, 0), (0x1p-130, 0x1p-130), (.greatestFiniteMagnitude, .infinity), (-.infinity, -.infinity),
    ]) func numbersAreRoundedToTheNearest(value: Float, expected: Float) {
        #expect(widened(rounded([value])) == [expected])
    }

    @Test func theSignOfZeroIsKept() { #expect(rounded([-0.0]) == [0x8000]) }

    /// Also one whose payload has its bits where they are cut off, which would be infinity.
    @Test(arguments: [Float.nan, -Float.nan, Float(bitPattern: 0x7F80_0001), Float(bitPattern: 0xFFFF_FFFF)])
    func whatIsNoNumberStaysSo(value: Float) { #expect(widened(rounded([value]))[0].isNaN) }

    @Test func numbersOf16BitsAreKept() {
        let bits = (UInt16.min...UInt16.max).filter { !Float(bitPattern: UInt32($0) << 16).isNaN }
        #expect(rounded(widened(bits)) == bits)
    }
}
