import DuctusData

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// How somebody writes: the letters of a font, made unlike the font's and never twice the same.
///
/// Lengths are in x-heights, the height of the letter x.
///
/// ```swift
/// var random = RandomStream(seed: 7)
/// let hand = Hand(font, using: &random)
/// let image = try hand.line("The pen moves", using: &random)      // 64 pixels high
/// ```
public struct Hand: Sendable {
    /// The letters that this hand began with.
    public let font: Font
    /// How far the tops of letters lean to the right for every unit of height; added to the font's own slant.
    public var slant = 0.0
    /// The width of letters, as a multiple of the font's.
    public var width = 1.0
    /// The length of what rises above the x, as a multiple of the font's.
    public var ascent = 1.0
    /// The length of what falls below the baseline, as a multiple of the font's.
    public var descent = 1.0
    /// The width of most strokes.
    public var strokeWidth = 0.15
    /// How far the width of strokes swells and shrinks with the pressure on the pen, as a share of it.
    public var pressure = 0.0
    /// How much wider strokes across the nib are than those along it, as a share of their width.
    public var nib = 0.0
    /// The angle of the nib in radians, counted from the baseline.
    public var nibAngle = 0.7
    /// How restless the hand is: 0 sets letters like print, 1 is an ordinary hand.
    public var unrest = 1.0
    /// Added between the letters of scripts that are not joined.
    public var letterSpacing = 0.0
    /// The mean distance of words.
    public var wordSpacing = 1.0
    /// The pen and paper.
    public var material = Material()

    /// A hand with the letters of a font and the strokes of its pen, level and in black on white.
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
        unrest = random.uniform(0.25...1.5)
        letterSpacing = random.uniform(-0.06...0.2)
        wordSpacing = random.uniform(0.8...1.9)
        material = Material(using: &random)
    }
}
