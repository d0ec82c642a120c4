extension Image {
    /// The part of the image inside a rectangle, which is clipped to the image.
    ///
    /// A rectangle that lies outside gives an empty image; see ``isEmpty``.
    public func cropped(x: Int, y: Int, width: Int, height: Int) -> Image {
        let columns = Self.clip(start: x, length: width, to: self.width)
        let rows = Self.clip(start: y, length: height, to: self.height)
        guard !columns.isEmpty && !rows.isEmpty else {
            return Image(width: 0, height: 0, channels: channels, pixels: [])
        }
        var cropped: [UInt8] = []
        cropped.reserveCapacity(columns.count * rows.count * channels)
        for row in rows {
            let start = (row * self.width + columns.lowerBound) * channels
            cropped += pixels[start..<start + columns.count * channels]
        }
        return Image(width: columns.count, height: rows.count, channels: channels, pixels: cropped)
    }

    /// The image with borders of one brightness, their widths in pixels.
    public func padded(
        top: Int = 0, left: Int = 0, bottom: Int = 0, right: Int = 0, fill brightness: UInt8
    ) -> Image {
        precondition(
            min(top, left, bottom, right) >= 0, "Borders cannot be negative: \(top), \(left), \(bottom), \(right).")
        let fullWidth = left + width + right
        var padded = [UInt8](repeating: brightness, count: top * fullWidth * channels)
        padded.reserveCapacity(fullWidth * (top + height + bottom) * channels)
        for row in 0..<height {
            padded.append(contentsOf: repeatElement(brightness, count: left * channels))
            padded += pixels[row * width * channels..<(row + 1) * width * channels]
            padded.append(contentsOf: repeatElement(brightness, count: right * channels))
        }
        padded.append(contentsOf: repeatElement(brightness, count: bottom * fullWidth * channels))
        return Image(width: fullWidth, height: top + height + bottom, channels: channels, pixels: padded)
    }

    /// The part of `start..<start + length` inside `0..<limit`, whatever the numbers.
    static func clip(start: Int, length: Int, to limit: Int) -> Range<Int> {
        let (sum, overflow) = start.addingReportingOverflow(max(0, length))
        let lower = min(max(0, start), limit)
        let upper = overflow ? limit : min(max(0, sum), limit)
        return lower..<max(lower, upper)
    }
}
