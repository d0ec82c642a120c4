/// Random distortions of training samples; image and label map move together. Never used on validation.
///
/// Everything is drawn anew for every sample, and what is 0 does nothing. <doc:DistortingSamples> has a table of all
/// values, with those that suit lines, characters and pages.
///
/// ```swift
/// let batches = BatchLoader(
///     lines, batchSize: 16, shuffles: true, augmentation: Augmentation(shear: 0.3, stretch: 0.15, contrast: 0.2))
/// ```
public struct Augmentation: Configuration, Equatable {
    /// The largest slant, in columns per row.
    public var shear = 0.0
    /// Widths are multiplied by e^±stretch.
    public var stretch = 0.0
    /// Heights are multiplied by e^±scale.
    public var scale = 0.0
    /// The largest shift along either axis, as a share of the height. Lines of text move up and down alone.
    public var shift = 0.0
    /// Ink is multiplied by 1 ± contrast.
    public var contrast = 0.0
    /// Whether half of the samples are mirrored.
    public var mirrors = false
    /// The largest angle, in degrees. Sizes stay, so the ends of a long line leave the image soon.
    public var rotation = 0.0
    /// The longest displacement by an ``ElasticField`` along either axis, as a share of the height.
    public var elasticity = 0.0
    /// The smoothness of that field, as a share of the height.
    public var smoothness = 0.15
    /// The largest share of its dilation (thicker strokes) or erosion (thinner strokes) that an image is mixed with: 1
    /// moves the edges of strokes by a pixel.
    public var strokes = 0.0
    /// The largest standard deviation of a Gaussian blur, in pixels.
    public var blur = 0.0
    /// ± brightness is added, so that paper gets darker or ink paler.
    public var brightness = 0.0
    /// The largest standard deviation of the normal numbers that are added to pixels.
    public var noise = 0.0

    /// Leaves everything alone.
    public init() {}

    /// Leaves alone what is not given.
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

    /// One distorted copy. The image of a text gets another width; characters and maps keep their size.
    ///
    /// - Parameters:
    ///   - example: a gray image, `[height, width, 1]`, and its labels.
    ///   - random: a stream of the sample's own.
    public func apply(to example: Example, using random: inout RandomStream) -> Example {
        let shape = example.input.shape
        precondition(
            shape.rank == 3 && shape[2] == 1, "Augmentation is for gray images, [height, width, 1]; got \(shape).")
        let isMap = example.labels.rank == 2
        let (warp, ink) = warp(of: example, using: &random)
        let input = retouched(warp.image(example.input, ink: Float(ink)), using: &random)
        return Example(input: input, labels: isMap ? warp.labels(example.labels) : example.labels)
    }

    /// Draws how an example moves, and what its ink is multiplied by.
    ///
    /// Trainings are repeated by their seeds: what was added later is drawn last, and only if it is not 0.
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

    /// Changes what an image looks like where it is.
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
