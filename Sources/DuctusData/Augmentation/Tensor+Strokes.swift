extension Tensor where Scalar == Float {
    /// A gray image `[height, width, 1]`, ink on a background of 0, with thicker or, for a negative weight, thinner
    /// strokes: blended with its dilation or erosion by 3 × 3 pixels.
    ///
    ///     v + weight · (max − v)  or  v + |weight| · (min − v)
    ///
    /// - Parameter weight: from −1 to 1. At 1, strokes grow by a pixel on either side.
    package func strokesThickened(by weight: Float) -> Tensor {
        let (height, width) = (shape[0], shape[1])
        // The minimum of nine is the negated maximum of their negatives.
        let sign: Float = weight < 0 ? -1 : 1
        let padded = padded([(1, 1), (1, 1), (0, 0)], mode: .constant(0))
        return Tensor(shape: shape) { out in
            padded.withUnsafeBuffer { pixels in
                withUnsafeTemporaryAllocation(of: Float.self, capacity: width + 2) { line in
                    guard let out = out.baseAddress, let pixels = pixels.baseAddress, let line = line.baseAddress
                    else { return }
                    for row in 0..<height {
                        let above = pixels + row * (width + 2)
                        let here = above + (width + 2)
                        let below = here + (width + 2)
                        for column in 0..<width + 2 {
                            line[column] = largest(sign * above[column], sign * here[column], sign * below[column])
                        }
                        let result = out + row * width
                        for column in 0..<width {
                            let extreme = sign * largest(line[column], line[column + 1], line[column + 2])
                            result[column] = here[column + 1] + abs(weight) * (extreme - here[column + 1])
                        }
                    }
                }
            }
        }
    }
}

/// Compiles to vector instructions, unlike `max`.
private func largest(_ a: Float, _ b: Float, _ c: Float) -> Float {
    let first = a > b ? a : b
    return first > c ? first : c
}
