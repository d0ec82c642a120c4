/// A line recognizer: a network that turns a line image into a sequence, of logits or, if it is a ``TextGenerator``, of the
/// memory that its decoder attends to.
public protocol LineNetwork: Network {
    /// The height of the images.
    var height: Int { get }
    /// The width of the narrowest image.
    var minimumWidth: Int { get }
    /// The number of steps for an image of the given width.
    func steps(width: Int) -> Int
    /// How its steps are decoded to a text; by default with connectionist temporal classification.
    var alignment: LineAlignment { get }
    /// Whether the output of `callAsFunction(_:widths:)` for a line depends neither on its padding nor on other lines, so
    /// that lines of different widths can be read in one batch; by default not.
    var separatesLines: Bool { get }
}

extension LineNetwork {
    public var alignment: LineAlignment { .ctc }
    public var separatesLines: Bool { false }
}

/// How the steps of a line recognizer correspond to characters.
public enum LineAlignment: Sendable, Equatable {
    /// Connectionist temporal classification: repeated classes are merged, then blanks are removed.
    case ctc
    /// One character per step; the text is padded with blanks.
    case positions
}

extension CRNN: LineNetwork {
    public var separatesLines: Bool { true }
    public var height: Int { Self.height }
    public var minimumWidth: Int { Self.minimumWidth }
    public func steps(width: Int) -> Int { Self.steps(width: width) }
}

extension LineLSTM: LineNetwork {
    public var height: Int { lineHeight }
    public var minimumWidth: Int { configuration.window }
    public func steps(width: Int) -> Int { features.steps(width: width) }
}

extension LineCNN: LineNetwork {
    public var height: Int { lineHeight }
    public var minimumWidth: Int { configuration.columns }
    public func steps(width: Int) -> Int { configuration.characters }
    public var alignment: LineAlignment { .positions }
}

extension SlidingWindowCNN: LineNetwork {
    public var height: Int { lineHeight }
    public var minimumWidth: Int { configuration.columns }
    public func steps(width: Int) -> Int { configuration.characters }
    public var alignment: LineAlignment { .positions }
}

/// A semantic segmentation network: one that computes logits for every pixel of an image.
public protocol PixelNetwork: Network {}

extension FCN: PixelNetwork {}

extension UNet: PixelNetwork {}

/// A character classifier.
public protocol CharacterNetwork: Network {
    /// Pixels per image.
    var pixels: Int { get }
}

extension MLP: CharacterNetwork {
    public var pixels: Int { configuration.inputs }
}

extension LeNet: CharacterNetwork {
    public var pixels: Int { configuration.side * configuration.side }
}
