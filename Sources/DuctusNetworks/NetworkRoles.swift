/// A network that turns an image of a line into a sequence: of logits for every step of it, or, if it is a
/// ``TextGenerator``, of what it writes a text from.
public protocol LineNetwork: Network {
    /// The height of the images it takes.
    var height: Int { get }
    /// The narrowest image it takes.
    var minimumWidth: Int { get }
    /// How many steps it makes of an image so wide.
    func steps(width: Int) -> Int
}

extension CRNN: LineNetwork {
    public var height: Int { Self.height }
    public var minimumWidth: Int { Self.minimumWidth }
    public func steps(width: Int) -> Int { Self.steps(width: width) }
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
