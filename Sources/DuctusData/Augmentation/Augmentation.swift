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
    /// The probability with which each distortion is applied to a sample, independently of the others. ``mirrors``,
    /// ``halving`` and ``joining`` have probabilities of their own.
    public var probability = 1.0
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
    /// The range of the perspective: the right end is e^±perspective times as high as the left, and, except for lines
    /// of text, the bottom e^±perspective times as wide as the top.
    public var perspective = 0.0
    /// The maximum vertical shear, in rows per column: lines rise or fall, but letters stay upright.
    public var verticalShear = 0.0
    /// The maximum crop error: how far each edge of the image moves in or out, as a fraction of the height, before the
    /// image is scaled back to its height.
    public var jitter = 0.0
    /// The maximum weight with which an image is blended with its dilation (thicker strokes) or erosion (thinner
    /// strokes): 1 moves the edges of strokes by a pixel.
    public var strokes = 0.0
    /// The range of the exponent of ink, e^±gamma.
    public var gamma = 0.0
    /// The maximum number of specks, short strokes and erased specks per square of the height.
    public var blots = 0.0
    /// The maximum darkness, as ink, of the lines of ruled paper: one or several, sometimes dotted.
    public var rules = 0.0
    /// The maximum depth, as ink, of a shadow or a gradient of light.
    public var shading = 0.0
    /// The maximum standard deviation of a Gaussian blur, in pixels.
    public var blur = 0.0
    /// The probability with which an image loses half of its resolution.
    public var halving = 0.0
    /// The range of an offset, ± brightness, which makes the background darker or the ink paler.
    public var brightness = 0.0
    /// The maximum standard deviation of the Gaussian noise that is added to pixels.
    public var noise = 0.0
    /// The range of JPEG artifacts: qualities are from 100 · (1 − compression) to 100.
    public var compression = 0.0
    /// The maximum height of the ink of other lines of the batch at the top and the bottom, as a fraction of the
    /// height. Only for lines of text, in a ``BatchLoader``.
    public var neighbors = 0.0
    /// The probability with which a line of text is followed by another one in the same image. Only in a
    /// ``BatchLoader`` that knows the class of the space.
    public var joining = 0.0

    /// No distortion.
    public init() {}

    /// The given distortions; the others are off.
    public init(
        probability: Double = 1, shear: Double = 0, stretch: Double = 0, scale: Double = 0, shift: Double = 0,
        contrast: Double = 0, mirrors: Bool = false, rotation: Double = 0, elasticity: Double = 0,
        smoothness: Double = 0.15, perspective: Double = 0, verticalShear: Double = 0, jitter: Double = 0,
        strokes: Double = 0, gamma: Double = 0, blots: Double = 0, rules: Double = 0, shading: Double = 0,
        blur: Double = 0, halving: Double = 0, brightness: Double = 0, noise: Double = 0, compression: Double = 0,
        neighbors: Double = 0, joining: Double = 0
    ) {
        (self.probability, self.shear, self.stretch, self.scale) = (probability, shear, stretch, scale)
        (self.shift, self.contrast, self.mirrors, self.rotation) = (shift, contrast, mirrors, rotation)
        (self.elasticity, self.smoothness, self.perspective) = (elasticity, smoothness, perspective)
        (self.verticalShear, self.jitter, self.strokes, self.gamma) = (verticalShear, jitter, strokes, gamma)
        (self.blots, self.rules, self.shading, self.blur) = (blots, rules, shading, blur)
        (self.halving, self.brightness, self.noise) = (halving, brightness, noise)
        (self.compression, self.neighbors, self.joining) = (compression, neighbors, joining)
    }

    public var problem: String? {
        let zeroToOne = [
            "brightness": brightness, "contrast": contrast, "elasticity": elasticity, "halving": halving,
            "joining": joining, "noise": noise, "perspective": perspective, "probability": probability, "rules": rules,
            "shading": shading, "shift": shift, "strokes": strokes, "verticalShear": verticalShear,
        ]
        let others: [(String, Double, ClosedRange<Double>)] = [
            ("shear", shear, 0...10), ("stretch", stretch, 0...2), ("scale", scale, 0...2),
            ("rotation", rotation, 0...180), ("smoothness", smoothness, 0.01...10), ("jitter", jitter, 0...0.4),
            ("gamma", gamma, 0...3), ("blots", blots, 0...100), ("blur", blur, 0...20),
            ("compression", compression, 0...0.95), ("neighbors", neighbors, 0...0.5),
        ]
        let all = zeroToOne.sorted { $0.key < $1.key }.map { ($0.key, $0.value, 0...1) } + others
        return all.lazy.compactMap { problem($0, $1, in: $2) }.first
    }

    /// A distorted copy. The width of a line changes; characters and pages keep their size.
    ///
    /// ``neighbors`` and ``joining`` need other samples and do nothing here.
    ///
    /// - Parameters:
    ///   - example: a gray image, `[height, width, 1]`, and its labels.
    ///   - random: the random stream of the sample.
    public func apply(to example: Example, using random: inout RandomStream) -> Example {
        var result = moved(example, using: &random)
        result.input = retouched(result.input, using: &random)
        return result
    }

    /// The bound of a distortion, or `nil` if it is off or not applied to this sample.
    func chosen(_ bound: Double, using random: inout RandomStream) -> Double? {
        if bound == 0 { return nil }
        return probability == 1 || random.uniform() < probability ? bound : nil
    }
}

extension RandomStream {
    /// A uniform number in ±`bound`.
    mutating func symmetric(_ bound: Double) -> Double { bound * (2 * uniform() - 1) }

    /// A uniform number in [`low`, `high`).
    mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }
}
