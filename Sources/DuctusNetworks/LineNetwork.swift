/// A network that turns an image of a line into a sequence of logits.
public protocol LineNetwork: Network {
    /// The narrowest image it takes.
    var minimumWidth: Int { get }
    /// How many steps it makes of an image so wide.
    func steps(width: Int) -> Int
}

extension CRNN: LineNetwork {
    public var minimumWidth: Int { Self.minimumWidth }
    public func steps(width: Int) -> Int { Self.steps(width: width) }
}
