/// A network that turns an image of a line into a sequence: of logits for every step of it, or, if it is a
/// ``TextGenerator``, of what it writes a text from.
public protocol LineNetwork: Network {
    /// The height of the images it takes.
    var height: Int { get }
    /// The narrowest image it takes.
    var minimumWidth: Int { get }
    /// How many steps it makes of an image so wide.
    func steps(width: Int) -> Int
    /// How its steps become a text; connectionist temporal classification, unless it says otherwise.
    var alignment: LineAlignment { get }
}

extension LineNetwork {
    public var alignment: LineAlignment { .ctc }
}

/// How the steps of a line network become a text.
public enum LineAlignment: Sendable, Equatable {
    /// Steps that repeat a class are one character; blanks between them are none.
    case ctc
    /// Every step is one character; blanks are what follows the text.
    case positions
}

extension CRNN: LineNetwork {
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

/// A network that gives every pixel of an image logits.
public protocol PixelNetwork: Network {}

extension FCN: PixelNetwork {}

extension UNet: PixelNetwork {}

/// A network that names the character on an image.
public protocol CharacterNetwork: Network {
    /// Pixels of the images it takes.
    var pixels: Int { get }
}

extension MLP: CharacterNetwork {
    public var pixels: Int { configuration.inputs }
}

extension LeNet: CharacterNetwork {
    public var pixels: Int { configuration.side * configuration.side }
}
