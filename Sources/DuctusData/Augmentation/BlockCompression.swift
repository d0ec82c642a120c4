/// The loss of JPEG compression (ITU-T T.81, 1992): in blocks of 8 × 8 pixels, the coefficients of the discrete cosine
/// transform are quantized. At quality 50, the quantization steps are those of the standard's table K.1.
package struct BlockCompression: Sendable {
    /// The quantization steps, one vector per row.
    private let steps: [SIMD8<Float>]

    /// - Parameter quality: from 1 to 100, on the scale of the Independent JPEG Group.
    package init(quality: Double) {
        let scale = quality < 50 ? 50 / max(quality, 1) : 2 - quality / 50
        steps = Self.luminance.map { ($0 * Float(scale)).clamped(lowerBound: .one, upperBound: 255 * .one) }
    }

    private static let luminance: [SIMD8<Float>] = [
        [16, 11, 10, 16, 24, 40, 51, 61], [12, 12, 14, 19, 26, 58, 60, 55], [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62], [18, 22, 37, 56, 68, 109, 103, 77], [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101], [72, 92, 95, 98, 112, 100, 103, 99],
    ]

    /// The orthonormal transform: row k is cos((2x + 1) k π / 16) / 2, the first one 1 / √8.
    private static let cosines: [SIMD8<Float>] = (0..<8).map { k in
        var row = SIMD8<Float>.zero
        for x in 0..<8 {
            row[x] = Float(k == 0 ? 0.125.squareRoot() : cosine(Double((2 * x + 1) * k) * .pi / 16) / 2)
        }
        return row
    }

    private static let transposed: [SIMD8<Float>] = (0..<8).map { x in
        var row = SIMD8<Float>.zero
        for k in 0..<8 { row[k] = cosines[k][x] }
        return row
    }

    /// Quantizes `count` blocks of brightness from −128 to 127, row-major: `fill` writes a block, `empty` reads the
    /// result.
    func forEachBlock(
        _ count: Int, fill: (Int, UnsafeMutablePointer<Float>) -> Void, empty: (Int, UnsafePointer<Float>) -> Void
    ) {
        withUnsafeTemporaryAllocation(of: SIMD8<Float>.self, capacity: 16) { buffer in
            guard let block = buffer.baseAddress else { return }
            let other = block + 8
            block.withMemoryRebound(to: Float.self, capacity: 64) { pixels in
                Self.cosines.withUnsafeBufferPointer { cosines in
                    Self.transposed.withUnsafeBufferPointer { transposed in
                        for index in 0..<count {
                            fill(index, pixels)
                            multiply(cosines.baseAddress!, block, into: other)
                            multiply(other, transposed.baseAddress!, into: block)
                            for row in 0..<8 { block[row] = rounded(block[row] / steps[row]) * steps[row] }
                            multiply(block, cosines.baseAddress!, into: other)
                            multiply(transposed.baseAddress!, other, into: block)
                            empty(index, pixels)
                        }
                    }
                }
            }
        }
    }
}

/// The product of two 8 × 8 matrices.
private func multiply(
    _ a: UnsafePointer<SIMD8<Float>>, _ b: UnsafePointer<SIMD8<Float>>, into c: UnsafeMutablePointer<SIMD8<Float>>
) {
    for row in 0..<8 {
        let factors = a[row]
        var sum = factors[0] * b[0]
        for k in 1..<8 { sum += factors[k] * b[k] }
        c[row] = sum
    }
}

/// The nearest integers: numbers around 1.5 · 2²³ have no fraction.
private func rounded(_ x: SIMD8<Float>) -> SIMD8<Float> { (x + 12_582_912) - 12_582_912 }

extension Tensor where Scalar == Float {
    /// A gray image `[height, width, 1]` of ink after compression of 1 − ink. Pixels beyond the edges repeat those at
    /// the edges.
    ///
    /// - Parameters:
    ///   - compression: the quality.
    ///   - down: the number of rows of the first block that are above the image, 0 to 7.
    ///   - right: the number of columns of the first block that are left of the image, 0 to 7.
    package func compressed(_ compression: BlockCompression, down: Int, right: Int) -> Tensor {
        let (height, width) = (shape[0], shape[1])
        let (rows, columns) = ((height + down + 7) / 8, (width + right + 7) / 8)
        return Tensor(shape: shape) { out in
            withUnsafeBuffer { ink in
                guard let out = out.baseAddress, let ink = ink.baseAddress else { return }
                compression.forEachBlock(rows * columns) { index, block in
                    let (top, left) = (index / columns * 8 - down, index % columns * 8 - right)
                    for y in 0..<8 {
                        let line = ink + Swift.min(Swift.max(top + y, 0), height - 1) * width
                        if left >= 0 && left + 8 <= width {
                            for x in 0..<8 { block[8 * y + x] = 127 - 255 * line[left + x] }
                        } else {
                            for x in 0..<8 {
                                block[8 * y + x] = 127 - 255 * line[Swift.min(Swift.max(left + x, 0), width - 1)]
                            }
                        }
                    }
                } empty: { index, block in
                    let (top, left) = (index / columns * 8 - down, index % columns * 8 - right)
                    let inside = Swift.max(-left, 0)..<Swift.min(8, width - left)
                    for y in Swift.max(-top, 0)..<Swift.min(8, height - top) {
                        let line = out + (top + y) * width + left
                        for x in inside {
                            let value = (127 - block[8 * y + x]) * (1 / 255)
                            line[x] = value < 0 ? 0 : value > 1 ? 1 : value
                        }
                    }
                }
            }
        }
    }
}
