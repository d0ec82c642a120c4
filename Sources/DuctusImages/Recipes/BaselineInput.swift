/// The preprocessing of a page for a detector of baselines; part of every such detector's weights file.
public struct BaselineInput: Configuration, Equatable {
    /// The height of a line of writing, from ascenders to descenders, at which the detector works best, in pixels.
    public var lineHeight = 18
    /// The longer side at which a page is seen first, before the height of its lines is known.
    public var firstSide = 640
    /// The side of the blocks whose background is estimated.
    public var block = 16
    /// What both sides of the input are padded to a multiple of.
    public var unit = 16

    /// The preprocessing of the detector that comes with Ductus.
    public init() {}

    public var problem: String? {
        problem("lineHeight", lineHeight, in: 4...256) ?? problem("firstSide", firstSide, in: 64...4096)
            ?? problem("block", block, in: 2...256) ?? problem("unit", unit, in: 1...256)
    }

    /// A gray page of the size at which it is seen → `[height, width, 1]`, background 0 and ink up to 1; both sides
    /// are padded with background to multiples of ``unit``.
    ///
    /// Light writing on a dark background is inverted, the local brightness of the background divided out, and faint
    /// ink strengthened up to four times.
    public func tensor(_ page: Image) -> Tensor<Float> {
        let flat = (page.isLightOnDark ? page.inverted() : page).flatteningBackground(block: block)
        let darkest = Histogram(flat.pixels).quantile(0.005).map { 255 - Float($0) } ?? 255
        let scale = 1 / max(darkest, 64)
        func padded(_ extent: Int) -> Int { (extent + unit - 1) / unit * unit }
        let (height, width, columns) = (flat.height, flat.width, padded(flat.width))
        return Tensor(shape: [padded(height), columns, 1]) { out in
            out.zero()
            flat.pixels.withUnsafeBufferPointer { pixels in
                for row in 0..<height {
                    for column in 0..<width {
                        let ink = (255 - Float(pixels[row * width + column])) * scale
                        out[row * columns + column] = ink < 1 ? ink : 1
                    }
                }
            }
        }
    }
}

extension Image {
    /// Whether writing is lighter than its background.
    ///
    /// Strokes are thin: against the mean of their surroundings they stand out more than the background does. Unlike the
    /// brightness of the whole page, this does not depend on what surrounds a sheet. For gray images only.
    package var isLightOnDark: Bool {
        precondition(channels == 1, "Polarity is detected in gray images; call grayscale() first.")
        guard width > 2, height > 2 else { return false }
        let small = resizedToFit(640)
        let smooth = small.resized(width: max(small.width / 8, 1), height: max(small.height / 8, 1))
            .resized(width: small.width, height: small.height, method: .bilinear)
        var counts = [Int](repeating: 0, count: 511)
        for (pixel, mean) in zip(small.pixels, smooth.pixels) { counts[Int(pixel) - Int(mean) + 255] += 1 }
        // The means of the darkest and of the lightest of 50 pixels; a sharp edge contributes to both alike.
        func extreme(_ levels: some Sequence<Int>) -> Int {
            var (rest, sum) = (max(small.pixels.count / 50, 1), 0)
            for level in levels where rest > 0 {
                let count = min(counts[level], rest)
                sum += count * abs(level - 255)
                rest -= count
            }
            return sum
        }
        return extreme((256...510).reversed()) > extreme(0..<255)
    }

    /// The image scaled down by area so that its longer side is at most `side`.
    package func resizedToFit(_ side: Int) -> Image {
        let longest = max(width, height)
        guard longest > side else { return self }
        return resized(width: max(width * side / longest, 1), height: max(height * side / longest, 1))
    }
}
