extension Tensor where Scalar == Float {
    /// A gray image `[height, width, 1]` on a background of 0, blurred by a Gaussian truncated at three standard
    /// deviations.
    ///
    /// - Parameter standardDeviation: in pixels.
    package func blurred(_ standardDeviation: Double) -> Tensor {
        guard standardDeviation > 0 else { return self }
        let (height, width) = (shape[0], shape[1])
        let weights = gaussian(standardDeviation)
        let radius = weights.count / 2
        let padded = padded([(radius, radius), (radius, radius), (0, 0)], mode: .constant(0))
        return Tensor(shape: shape) { out in
            padded.withUnsafeBuffer { pixels in
                withUnsafeTemporaryAllocation(of: Float.self, capacity: width + 2 * radius) { line in
                    for row in 0..<height {
                        line.update(repeating: 0)
                        for (k, weight) in weights.enumerated() {
                            line.add(weight, times: pixels, from: (row + k) * line.count)
                        }
                        let result = UnsafeMutableBufferPointer(rebasing: out[row * width..<(row + 1) * width])
                        result.update(repeating: 0)
                        for (k, weight) in weights.enumerated() {
                            result.add(weight, times: UnsafeBufferPointer(line), from: k)
                        }
                    }
                }
            }
        }
    }
}

/// A Gaussian truncated at three standard deviations, normalized to a sum of 1.
private func gaussian(_ standardDeviation: Double) -> [Float] {
    let radius = (3 * standardDeviation).rounded(.up)
    let values = stride(from: -radius, through: radius, by: 1).map {
        exponential(-($0 * $0) / (2 * standardDeviation * standardDeviation))
    }
    let sum = values.reduce(0, +)
    return values.map { Float($0 / sum) }
}

extension UnsafeMutableBufferPointer<Float> {
    /// Adds a multiple of the elements from some start on.
    fileprivate func add(_ weight: Float, times elements: UnsafeBufferPointer<Float>, from start: Int) {
        let elements = UnsafeBufferPointer(rebasing: elements[start..<start + count])
        for index in 0..<count { self[index] += weight * elements[index] }
    }
}
