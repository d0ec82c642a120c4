import Ductus

/// Single digits, drawn instead of written: what the characters lab learns from where MNIST is not there.
public struct DrawnDigits: Dataset {
    public let count: Int
    private let seed: UInt64

    /// Another seed, other digits.
    public init(count: Int, seed: UInt64) { (self.count, self.seed) = (count, seed) }

    public var expectation: Expectation { Expectation(shape: [Pen.side, Pen.side, 1], classes: 10) }

    public func name(of index: Int) -> String { "drawn digit \(index)" }

    public func raw(_ index: Int) -> (pixels: [UInt8], label: Int) {
        var pen = Pen(RandomStream(seed: seed).split(index))
        return (pen.draw(Character("\(index % 10)")), index % 10)
    }

    public func transform(_ raw: (pixels: [UInt8], label: Int), name: String) -> Example {
        Example(
            input: Tensor(raw.pixels.map { Float($0) / 255 }, shape: [Pen.side, Pen.side, 1]),
            labels: Tensor(Int32(raw.label)))
    }
}
