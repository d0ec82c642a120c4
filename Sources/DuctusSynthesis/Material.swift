import DuctusData

/// The appearance of ink and paper in the image. Brightness ranges from 0 (black) to 255 (white).
public struct Material: Sendable {
    /// The mean brightness of full ink.
    public var ink = 0.0
    /// The standard deviation of the brightness of ink.
    public var inkVariation = 0.0
    /// The fraction of ink that is missing where the pen skips.
    public var skipping = 0.0
    /// The blur of edges, as the weight of the neighboring pixels.
    public var blur = 0.0
    /// The contrast of edges: 1 leaves them as blurred, higher values sharpen them like a scanner.
    public var sharpness = 1.0
    /// The coverage at which a pixel is half dark: values below 0.5 make strokes wider, values above it thinner.
    public var threshold = 0.5
    /// The mean brightness of the paper.
    public var paper = 255.0
    /// The standard deviation of the brightness of stains and folds, which vary slowly.
    public var stains = 0.0
    /// The standard deviation of the brightness of paper grain.
    public var grain = 0.0
    /// The number of dark specks per line.
    public var specks = 0

    /// Black ink on white paper.
    public init() {}

    /// Random ink on random paper, usually white.
    public init(using random: inout RandomStream) {
        ink = random.isTrue(0.75) ? random.uniform(0...35) : random.uniform(30...110)
        inkVariation = random.uniform(0...15)
        if random.isTrue(0.12) { skipping = random.uniform(0.1...0.4) }
        blur = random.uniform(0...1)
        sharpness = random.uniform(1...2.5)
        threshold = random.uniform(0.36...0.56)
        if random.isTrue(0.35) {
            paper = random.uniform(205...252)
            stains = random.uniform(0...6)
            grain = random.uniform(0...6)
        }
        if random.isTrue(0.25) { specks = Int.random(in: 1...6, using: &random) }
    }

    /// The image for a coverage of pixels by ink, `[height, width]`.
    func image(of coverage: Tensor<Float>, using random: inout RandomStream) -> Image {
        let (height, width) = (coverage.shape[0], coverage.shape[1])
        func noise(_ cell: Float) -> Tensor<Float> {
            SmoothNoise(from: .zero, to: Point(Float(width), Float(height)), cell: cell, using: &random)
                .plane(height: height, width: width)
        }
        let blurred = blur > 0 ? Self.blurred(coverage, share: Float(blur)) : coverage
        var dark = ((blurred - Float(threshold)) * Float(sharpness) + 0.5).clipped(to: 0...1)
        if skipping > 0 { dark = dark * (noise(2.5) * 0.4 + (1.5 - Float(skipping))).clipped(to: 0...1) }
        let tone = noise(20) * Float(inkVariation) + Float(ink)
        var ground = Tensor<Float>(repeating: Float(paper), shape: [height, width])
        if stains > 0 { ground = ground + noise(40) * Float(stains) }
        if grain > 0 {
            ground = ground + Tensor.normal([height, width], standardDeviation: Float(grain), using: &random)
        }
        var picture = ground + (tone.clipped(to: 0...255) - ground) * dark
        let places = (0..<specks).map { _ in Int.random(in: 0..<height * width, using: &random) }
        picture.withUnsafeMutableBuffer { for place in places { $0[place] -= Float(random.uniform(40...160)) } }
        let pixels = picture.withUnsafeBuffer { $0.map { UInt8(min(max($0, 0), 255)) } }
        return Image(width: width, height: height, channels: 1, pixels: pixels)
    }

    /// Mixes each pixel with the mean of its neighborhood, weighted 1, 2, 1 along both axes.
    private static func blurred(_ plane: Tensor<Float>, share: Float) -> Tensor<Float> {
        let (height, width) = (plane.shape[0], plane.shape[1])
        return Tensor(shape: plane.shape) { out in
            plane.withUnsafeBuffer { plane in
                withUnsafeTemporaryAllocation(of: Float.self, capacity: width + 2) { column in
                    for y in 0..<height {
                        let (above, here) = (max(y - 1, 0) * width, y * width)
                        let below = min(y + 1, height - 1) * width
                        for x in 0..<width {
                            column[x + 1] = plane[above + x] + 2 * plane[here + x] + plane[below + x]
                        }
                        (column[0], column[width + 1]) = (column[1], column[width])
                        for x in 0..<width {
                            let mean = (column[x] + 2 * column[x + 1] + column[x + 2]) / 16
                            out[here + x] = plane[here + x] + share * (mean - plane[here + x])
                        }
                    }
                }
            }
        }
    }
}
