extension Image {
    /// The image with strokes nearly as sharp as those of a good scan: blur is estimated and undone, as far as noise
    /// permits. Images that are sharp enough are returned as they are. For gray images.
    package func sharpened() -> Image {
        guard let blur = edgeBlur, blur > Self.leastBlur else { return self }
        // What a good scan has remains.
        let excess = (blur * blur - Self.scanBlur * Self.scanBlur).squareRoot()
        return deblurred(standardDeviation: 0.9 * excess, iterations: 3)
    }

    /// The ``edgeBlur`` of good scans.
    private static let scanBlur = 0.5
    /// The ``edgeBlur`` from which on the readers are better with sharpened strokes.
    private static let leastBlur = 1.0

    /// How blurred the strongest edges are: the standard deviation in pixels of the Gaussian that would make such edges
    /// of steps; nil without edges. For gray images.
    ///
    /// ```
    /// standard deviation = contrast / (gradient · √(2π))
    /// ```
    ///
    /// at the steepest points of edges, where the contrast is that of 9 × 9 pixels around them. The lower quartile is
    /// taken, as most edges are too near to others to be measured well.
    package var edgeBlur: Double? {
        precondition(channels == 1, "Edges are measured in gray images; call grayscale() first.")
        let (width, height, reach) = (width, height, 4)
        guard width > 2 * reach + 1, height > 2 * reach + 1 else { return nil }
        return pixels.withUnsafeBufferPointer { pixels in
            /// Twice the gradient's length, squared, at the lower right corners of pixels.
            var gradients = [Int32](repeating: 0, count: width * height)
            for y in 0..<height - 1 {
                for place in y * width..<(y + 1) * width - 1 {
                    let (first, second) = (Int32(pixels[place]), Int32(pixels[place + 1]))
                    let (third, fourth) = (Int32(pixels[place + width]), Int32(pixels[place + width + 1]))
                    let (across, down) = (second - first + fourth - third, third - first + fourth - second)
                    gradients[place] = across * across + down * down
                }
            }
            var edges: [(gradient: Double, contrast: Double)] = []
            for y in reach..<height - reach {
                for x in reach..<width - reach {
                    let place = y * width + x
                    let gradient = gradients[place]
                    guard gradient >= Self.leastGradient else { continue }
                    let isSteepest = (-1...1).allSatisfy { row in
                        (-1...1).allSatisfy { gradients[place + row * width + $0] <= gradient }
                    }
                    guard isSteepest else { continue }
                    var (darkest, lightest) = (UInt8.max, UInt8.min)
                    for row in y - reach...y + reach {
                        for pixel in pixels[row * width + x - reach...row * width + x + reach] {
                            (darkest, lightest) = (min(darkest, pixel), max(lightest, pixel))
                        }
                    }
                    edges.append((Double(gradient).squareRoot() / 2, Double(lightest) - Double(darkest)))
                }
            }
            guard !edges.isEmpty else { return nil }
            let strong = 0.6 * edges.map(\.contrast).sorted()[edges.count * 9 / 10]
            let blurs = edges.filter { $0.contrast > strong && $0.gradient > 0.1 * $0.contrast }
                .map { $0.contrast / ($0.gradient * (2 * Double.pi).squareRoot()) }.sorted()
            return blurs.isEmpty ? nil : blurs[blurs.count / 4]
        }
    }

    /// Six levels per pixel.
    private static let leastGradient: Int32 = 144

    /// The image before it was blurred by a Gaussian, approximately: with every iteration, what blurring the result
    /// would lose is added to it (van Cittert 1931). For gray images.
    package func deblurred(standardDeviation: Double, iterations: Int) -> Image {
        precondition(channels == 1, "Gray images are deblurred; call grayscale() first.")
        guard !isEmpty else { return self }
        let blur = GaussianBlur(standardDeviation: standardDeviation, width: width, height: height)
        let given = pixels.map { Float($0) }
        var sharp = given
        for _ in 0..<iterations {
            let blurred = blur(sharp)
            for place in sharp.indices { sharp[place] = min(max(sharp[place] + given[place] - blurred[place], 0), 255) }
        }
        return Image(width: width, height: height, channels: 1, pixels: sharp.map { UInt8($0 + 0.5) })
    }
}

/// A Gaussian filter, truncated at three standard deviations; beyond the border, the nearest pixel.
private struct GaussianBlur {
    private let width: Int
    private let height: Int
    /// The weights of a pixel and of those at growing distances from it.
    private let weights: [Float]

    init(standardDeviation: Double, width: Int, height: Int) {
        (self.width, self.height) = (width, height)
        let reach = max(Int((3 * standardDeviation).rounded(.up)), 1)
        let halves = (0...reach).map { exponential(-Double($0 * $0) / (2 * standardDeviation * standardDeviation)) }
        let sum = 2 * halves.reduce(0, +) - halves[0]
        weights = halves.map { Float($0 / sum) }
    }

    func callAsFunction(_ pixels: [Float]) -> [Float] {
        let reach = weights.count - 1
        var result = pixels
        result.withUnsafeMutableBufferPointer { result in
            pixels.withUnsafeBufferPointer { pixels in
                for y in 0..<height {
                    for x in 0..<width { result[y * width + x] = weights[0] * pixels[y * width + x] }
                    for distance in 1...reach {
                        let weight = weights[distance]
                        let (above, below) = (max(y - distance, 0) * width, min(y + distance, height - 1) * width)
                        for x in 0..<width { result[y * width + x] += weight * (pixels[above + x] + pixels[below + x]) }
                    }
                }
            }
            withUnsafeTemporaryAllocation(of: Float.self, capacity: width + 2 * reach) { row in
                for y in 0..<height {
                    let line = UnsafeMutableBufferPointer(rebasing: result[y * width..<(y + 1) * width])
                    for x in -reach..<width + reach { row[x + reach] = line[min(max(x, 0), width - 1)] }
                    for x in 0..<width { line[x] = weights[0] * row[x + reach] }
                    for distance in 1...reach {
                        let weight = weights[distance]
                        for x in 0..<width {
                            line[x] += weight * (row[x + reach - distance] + row[x + reach + distance])
                        }
                    }
                }
            }
        }
        return result
    }
}
