extension Image {
    /// How the pixels of a resized image are computed.
    public enum Resampling: Sendable {
        /// Shrinking: the exact mean over the area that a new pixel covers, fractions of pixels included.
        /// Enlarging: ``bilinear``. Each axis is treated separately.
        case area
        /// Linear interpolation between the two nearest pixel centers of each axis. Aliases when shrinking by more than
        /// two.
        case bilinear
        /// Shrinking: like ``area``. Enlarging: cubic interpolation between the four nearest pixel centers of each axis,
        /// which keeps edges sharper (Keys 1981, with a = −½).
        case bicubic
        /// The pixel under the new pixel's center. Introduces no new values, as label maps require.
        case nearest
    }

    /// The image scaled to a size in pixels. The aspect ratio is not preserved.
    public func resized(width: Int, height: Int, method: Resampling = .area) -> Image {
        precondition(width > 0 && height > 0, "An image cannot be resized to \(width) × \(height) pixels.")
        precondition(!isEmpty, "An empty image cannot be resized.")
        if width == self.width && height == self.height { return self }
        if method == .nearest { return resizedToNearest(width: width, height: height) }
        return resized(
            columns: AxisWeights(from: self.width, to: width, method: method),
            rows: AxisWeights(from: self.height, to: height, method: method))
    }

    /// Separable filtering: rows first, as whole rows add up in vector registers, then the columns of the remaining
    /// rows.
    func resized(columns: AxisWeights, rows: AxisWeights) -> Image {
        let stride = width * channels
        let (newWidth, newHeight) = (columns.count, rows.count)
        let resized = [UInt8](unsafeUninitializedCapacity: newWidth * newHeight * channels) { target, initialized in
            pixels.withUnsafeBufferPointer { source in
                withUnsafeTemporaryAllocation(of: Float.self, capacity: stride) { sums in
                    for y in 0..<newHeight {
                        sums.update(repeating: 0)
                        for (row, weight) in zip(rows.sources(of: y), rows.weights(of: y)) {
                            Self.add(source, from: row * stride, times: weight, to: sums)
                        }
                        columns.reduce(sums, channels: channels, into: target, at: y * newWidth * channels)
                    }
                }
            }
            initialized = newWidth * newHeight * channels
        }
        return Image(width: newWidth, height: newHeight, channels: channels, pixels: resized)
    }

    private static func add(
        _ source: UnsafeBufferPointer<UInt8>, from start: Int, times weight: Float,
        to sums: UnsafeMutableBufferPointer<Float>
    ) {
        let row = UnsafeBufferPointer(rebasing: source[start..<start + sums.count])
        for index in 0..<sums.count { sums[index] += weight * Float(row[index]) }
    }

    private func resizedToNearest(width: Int, height: Int) -> Image {
        let columns = Self.nearestSources(from: self.width, to: width)
        let rows = Self.nearestSources(from: self.height, to: height)
        let count = width * height * channels
        let nearest = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
            pixels.withUnsafeBufferPointer { source in
                for row in rows {
                    for column in columns {
                        let offset = (row * self.width + column) * channels
                        for channel in 0..<channels { target[initialized + channel] = source[offset + channel] }
                        initialized += channels
                    }
                }
            }
        }
        return Image(width: width, height: height, channels: channels, pixels: nearest)
    }

    /// For each of `count` new pixels, the old pixel under its center.
    static func nearestSources(from oldCount: Int, to count: Int) -> [Int] {
        (0..<count).map { (2 * $0 + 1) * oldCount / (2 * count) }
    }
}
