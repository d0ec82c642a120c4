extension Image {
    /// The image with dark writing on a light background: inverted where writing is light.
    ///
    /// Most of a page is background, so the median is its brightness; writing is on the side of the median on which
    /// brightness reaches farther. For gray images only.
    package func darkOnLight() -> Image {
        precondition(channels == 1, "Polarity is detected in gray images; call grayscale() first.")
        let histogram = Histogram(pixels)
        guard let background = histogram.background, let dark = histogram.quantile(0.01),
            let light = histogram.quantile(0.99)
        else { return self }
        return Int(light) - Int(background) > Int(background) - Int(dark) ? inverted() : self
    }

    /// The image divided by the local brightness of its background, which removes shadows, uneven lighting and the
    /// color of the paper: background becomes 255. For gray images that are dark on light.
    ///
    /// The background is estimated as the 85 % quantile of brightness in blocks of `block × block` pixels, as writing
    /// rarely covers more of a block; it is smoothed over 5 × 5 blocks and interpolated between their centers.
    package func flatteningBackground(block: Int) -> Image {
        precondition(channels == 1, "Backgrounds are flattened in gray images; call grayscale() first.")
        precondition(block > 0, "A block of background cannot have \(block) pixels.")
        guard !isEmpty else { return self }
        let grid = BackgroundGrid(self, block: block)
        let flat = [UInt8](unsafeUninitializedCapacity: width * height) { flat, initialized in
            pixels.withUnsafeBufferPointer { pixels in
                for y in 0..<height {
                    grid.withRow(y) { background in
                        for x in 0..<width {
                            let ratio = 255 * Float(pixels[y * width + x]) / background[x]
                            flat[y * width + x] = UInt8(min(ratio + 0.5, 255))
                        }
                    }
                }
            }
            initialized = width * height
        }
        return Image(width: width, height: height, channels: 1, pixels: flat)
    }
}

/// The brightness of the background of an image in blocks.
private struct BackgroundGrid {
    private let width: Int
    private let columns: Int
    private let rows: Int
    private let block: Int
    private let brightness: [Float]

    init(_ image: Image, block: Int) {
        (width, self.block) = (image.width, block)
        let (columns, rows) = ((image.width + block - 1) / block, (image.height + block - 1) / block)
        var brightness = [Float](repeating: 255, count: columns * rows)
        var counts = [Int](repeating: 0, count: 256)
        image.pixels.withUnsafeBufferPointer { pixels in
            for row in 0..<rows {
                let ys = row * block..<min((row + 1) * block, image.height)
                for column in 0..<columns {
                    let xs = column * block..<min((column + 1) * block, image.width)
                    for index in 0..<256 { counts[index] = 0 }
                    for y in ys {
                        for x in xs { counts[Int(pixels[y * image.width + x])] += 1 }
                    }
                    // From the light end: 15 % are lighter.
                    var rest = ys.count * xs.count * 15 / 100
                    var level = 255
                    while level > 0 {
                        rest -= counts[level]
                        if rest < 0 { break }
                        level -= 1
                    }
                    brightness[row * columns + column] = Float(max(level, 1))
                }
            }
        }
        (self.columns, self.rows) = (columns, rows)
        self.brightness = Self.smoothed(brightness, columns, rows)
    }

    /// The mean over 5 × 5 blocks, clipped to the image.
    private static func smoothed(_ values: [Float], _ columns: Int, _ rows: Int) -> [Float] {
        var smooth = values
        for row in 0..<rows {
            let ys = max(row - 2, 0)...min(row + 2, rows - 1)
            for column in 0..<columns {
                let xs = max(column - 2, 0)...min(column + 2, columns - 1)
                var sum: Float = 0
                for y in ys {
                    for x in xs { sum += values[y * columns + x] }
                }
                smooth[row * columns + column] = sum / Float(ys.count * xs.count)
            }
        }
        return smooth
    }

    /// The background along a row of pixels, interpolated between the centers of blocks.
    func withRow(_ y: Int, _ body: (UnsafeMutableBufferPointer<Float>) -> Void) {
        let (above, below, down) = Self.neighbors(of: y, block: block, count: rows)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { row in
            for x in 0..<width {
                let (left, right, across) = Self.neighbors(of: x, block: block, count: columns)
                func mean(_ row: Int) -> Float {
                    let (l, r) = (brightness[row * columns + left], brightness[row * columns + right])
                    return l + (r - l) * across
                }
                let (upper, lower) = (mean(above), mean(below))
                row[x] = upper + (lower - upper) * down
            }
            body(row)
        }
    }

    /// The two blocks between whose centers a pixel lies, and its position between them, from 0 to 1.
    private static func neighbors(of pixel: Int, block: Int, count: Int) -> (Int, Int, Float) {
        let place = (Float(pixel) + 0.5) / Float(block) - 0.5
        guard place > 0 else { return (0, 0, 0) }
        let first = min(Int(place), count - 1)
        return (first, min(first + 1, count - 1), place - Float(first))
    }
}
