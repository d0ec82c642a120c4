extension Tensor where Scalar == Float {
    /// A gray image `[height, width, 1]` scaled to half of its resolution and back: means of 2 × 2 pixels, interpolated
    /// bilinearly.
    package func halved() -> Tensor {
        let (height, width) = (shape[0], shape[1])
        let (rows, columns) = ((height + 1) / 2, (width + 1) / 2)
        return Tensor(shape: shape) { out in
            withUnsafeBuffer { pixels in
                withUnsafeTemporaryAllocation(of: Float.self, capacity: (rows + 1) * columns) { buffer in
                    guard let out = out.baseAddress, let pixels = pixels.baseAddress, let means = buffer.baseAddress
                    else { return }
                    for row in 0..<rows {
                        let above = pixels + 2 * row * width
                        let below = pixels + Swift.min(2 * row + 1, height - 1) * width
                        for column in 0..<columns {
                            let (left, right) = (2 * column, Swift.min(2 * column + 1, width - 1))
                            means[row * columns + column] =
                                (above[left] + above[right] + below[left] + below[right]) / 4
                        }
                    }
                    let line = means + rows * columns
                    for row in 0..<height {
                        let near = means + row / 2 * columns
                        let far =
                            means + (row % 2 == 0 ? Swift.max(row / 2 - 1, 0) : Swift.min(row / 2 + 1, rows - 1))
                            * columns
                        for column in 0..<columns { line[column] = 0.75 * near[column] + 0.25 * far[column] }
                        let result = out + row * width
                        for column in 0..<columns {
                            result[2 * column] = 0.75 * line[column] + 0.25 * line[Swift.max(column - 1, 0)]
                        }
                        for column in 0..<width / 2 {
                            result[2 * column + 1] =
                                0.75 * line[column] + 0.25 * line[Swift.min(column + 1, columns - 1)]
                        }
                    }
                }
            }
        }
    }
}
