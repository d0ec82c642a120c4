import DuctusData

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// A style of handwriting: the glyphs of a font, altered to look like an individual hand and varied every time.
///
/// Lengths are in x-heights, the height of the letter x.
///
/// ```swift
/// var random = RandomStream(seed: 7)
/// let hand = Hand(font, using: &random)
/// let image = try hand.line("The pen moves", using: &random)      // 64 pixels high
/// ```
public struct Hand: Sendable {
    /// The font that the letters are based on.
    public let font: Font
    /// The shift to the right per unit of height, in addition to the slant of the font.
    public var slant = 0.0
    /// The width of letters, relative to the font.
    public var width = 1.0
    /// The length of ascenders above the x-height, relative to the font.
    public var ascent = 1.0
    /// The length of descenders, relative to the font.
    public var descent = 1.0
    /// The typical stroke width.
    public var strokeWidth = 0.15
    /// The variation of the stroke width with pen pressure, as a fraction of the width.
    public var pressure = 0.0
    /// How much wider strokes across the nib are than strokes along it, as a fraction of the width.
    public var nib = 0.0
    /// The angle of the nib to the baseline, in radians.
    public var nibAngle = 0.7
    /// The irregularity of letters and lines: 0 is like print, 1 an ordinary hand.
    public var irregularity = 1.0
    /// Additional space between letters of unconnected scripts.
    public var letterSpacing = 0.0
    /// The mean space between words.
    public var wordSpacing = 1.0
    /// The appearance of pen and paper.
    public var material = Material()

    /// A hand with the shapes and stroke width of a font, in black on white.
    public init(_ font: Font) {
        self.font = font
        strokeWidth = font.strokeWidth
    }

    /// A random hand.
    public init(_ font: Font, using random: inout RandomStream) {
        self.init(font)
        slant = tan(random.uniform(-0.22...0.45))
        width = random.factor(1, spread: 0.2, within: 0.68...1.5)
        ascent = random.factor(1.4, spread: 0.25, within: 0.9...2.1)
        descent = random.factor(1.3, spread: 0.25, within: 0.8...2)
        strokeWidth = random.factor(0.12, spread: 0.35, within: 0.055...0.32)
        pressure = random.uniform(0.02...0.15)
        if random.isTrue(0.35) { nib = random.uniform(0.1...0.5) }
        nibAngle = random.uniform(0.2...1.2)
        irregularity = random.uniform(0.25...1.5)
        letterSpacing = random.uniform(-0.06...0.2)
        wordSpacing = random.uniform(0.8...1.9)
        material = Material(using: &random)
    }
}
