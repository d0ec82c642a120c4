/// Random distortions of training samples; image and label map are distorted together. Never used for validation.
///
/// Every sample gets its own random distortion; a value of 0 turns one off. <doc:DistortingSamples> has a table of all
/// values, with suggestions for lines, characters and pages.
///
/// ```swift
/// let batches = BatchLoader(
///     lines, batchSize: 16, shuffles: true, augmentation: Augmentation(shear: 0.3, stretch: 0.15, contrast: 0.2))
/// ```
public struct Augmentation: Configuration, Equatable {
    /// The maximum slant, in columns per row.
    public var shear = 0.0
    /// The range of the horizontal scale, e^±stretch.
    public var stretch = 0.0
    /// The range of the vertical scale, e^±scale.
    public var scale = 0.0
    /// The maximum shift along either axis, as a fraction of the height. Lines of text are only shifted vertically.
    public var shift = 0.0
    /// The range of the factor of ink, 1 ± contrast.
    public var contrast = 0.0
    /// Whether half of the samples are flipped horizontally.
    public var mirrors = false
    /// The maximum angle, in degrees. The size of the image stays, so the ends of a long line soon leave it.
    public var rotation = 0.0
    /// The maximum displacement by an ``ElasticField`` along either axis, as a fraction of the height.
    public var elasticity = 0.0
    /// The smoothness of that field, as a fraction of the height.
    public var smoothness = 0.15
    /// The maximum weight with which an image is blended with its dilation (thicker strokes) or erosion (thinner
    /// strokes): 1 moves the edges of strokes by a pixel.
    public var strokes = 0.0
    /// The maximum standard deviation of a Gaussian blur, in pixels.
    public var blur = 0.0
    /// The range of an offset, ± brightness, which makes the background darker or the ink paler.
    public var brightness = 0.0
    /// The maximum standard deviation of the Gaussian noise that is added to pixels.
    public var noise = 0.0

    /// No distortion.
    public init() {}

    /// The given distortions; the others are off.
    public init(
        shear: Double = 0, stretch: Double = 0, scale: Double = 0, shift: Double = 0, contrast: Double = 0,
        mirrors: Bool = false, rotation: Double = 0, elasticity: Double = 0, smoothness: Double = 0.15,
        strokes: Double = 0, blur: Double = 0, brightness: Double = 0, noise: Double = 0
    ) {
        (self.shear, self.stretch, self.scale, self.shift) = (shear, stretch, scale, shift)
        (self.contrast, self.mirrors, self.rotation) = (contrast, mirrors, rotation)
        (self.elasticity, self.smoothness) = (elasticity, smoothness)
        (self.strokes, self.blur, self.brightness, self.noise) = (strokes, blur, brightness, noise)
    }

    public var problem: String? {
        let zeroToOne = ["shift": shift, "contrast": contrast, "elasticity": elasticity, "strokes": strokes]
            .merging(["brightness": brightness, "noise": noise]) { $1 }.sorted { $0.key < $1.key }
        return zeroToOne.lazy.compactMap { problem($0.key, $0.value, in: 0...1) }.first
            ?? problem("shear", shear, in: 0...10) ?? problem("stretch", stretch, in: 0...2)
            ?? problem("scale", scale, in: 0...2) ?? problem("rotation", rotation, in: 0...180)
            ?? problem("smoothness", smoothness, in: 0.01...10) ?? problem("blur", blur, in: 0...20)
    }

    /// A distorted copy. The width of a line changes; characters and pages keep their size.
    ///
    /// - Parameters:
    ///   - example: a gray image, `[height, width, 1]`, and its labels.
    ///   - random: the random stream of the sample.
    public func apply(to example: Example, using random: inout RandomStream) -> Example {
        let shape = example.input.shape
        precondition(
            shape.rank == 3 && shape[2] == 1, "Augmentation is for gray images, [height, width, 1]; got \(shape).")
        let isMap = example.labels.rank == 2
        let (warp, ink) = warp(of: example, using: &random)
        let input = retouched(warp.image(example.input, ink: Float(ink)), using: &random)
        return Example(input: input, labels: isMap ? warp.labels(example.labels) : example.labels)
    }

    /// Draws the warp of an example and the factor of its ink.
    ///
    /// Earlier training runs must stay reproducible: newer values are drawn last, and only if they are not 0.
    private func warp(of example: Example, using random: inout RandomStream) -> (Warp, ink: Double) {
        let (height, width) = (example.input.shape[0], example.input.shape[1])
        var warp = Warp(height: height, width: width)
        warp.slant = random.symmetric(shear)
        warp.horizontal = exponential(random.symmetric(stretch))
        warp.vertical = exponential(random.symmetric(scale))
        warp.down = random.symmetric(shift) * Double(height)
        if example.labels.rank == 2 || example.labels.rank == 0 && shift != 0 {
            warp.right = random.symmetric(shift) * Double(height)
        }
        let ink = 1 + random.symmetric(contrast)
        warp.isMirrored = mirrors && random.uniform() < 0.5
        if example.labels.rank == 1 { warp.newWidth = max(1, Int((Double(width) * warp.horizontal).rounded())) }
        if rotation != 0 { warp.angle = random.symmetric(rotation) }
        if elasticity != 0 {
            warp.field = ElasticField(
                height: height, width: warp.newWidth, amplitude: elasticity * Double(height),
                smoothness: smoothness * Double(height), using: &random)
        }
        return (warp, ink)
    }

    /// Changes the pixels of an image without moving them.
    private func retouched(_ image: Tensor<Float>, using random: inout RandomStream) -> Tensor<Float> {
        var image = image
        if strokes != 0 { image = image.strokesThickened(by: Float(random.symmetric(strokes))) }
        if blur != 0 { image = image.blurred(blur * random.uniform()) }
        if brightness != 0 { image += Float(random.symmetric(brightness)) }
        if noise != 0 {
            image += .normal(image.shape, standardDeviation: Float(noise * random.uniform()), using: &random)
        }
        return strokes == 0 && blur == 0 && brightness == 0 && noise == 0 ? image : image.clipped(to: 0...1)
    }
}

extension RandomStream {
    /// A uniform number in ±`bound`.
    fileprivate mutating func symmetric(_ bound: Double) -> Double { bound * (2 * uniform() - 1) }
}
