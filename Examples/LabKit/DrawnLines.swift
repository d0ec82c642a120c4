import Ductus

/// Synthetic lines of digits, as a substitute for a data set of lines.
public struct DrawnLines: Dataset {
    public let count: Int
    public let characters = Alphabet(" 0123456789")
    public let input = LineInput()
    private let seed: UInt64

    /// Lines that depend only on the seed and their index.
    public init(count: Int, seed: UInt64) { (self.count, self.seed) = (count, seed) }

    public var expectation: Expectation { Expectation(shape: [input.height, nil, 1], classes: characters.count) }

    public func name(of index: Int) -> String { "drawn line \(index)" }

    public func raw(_ index: Int) -> (image: Image, text: String) {
        var pen = Pen(RandomStream(seed: seed).split(index))
        let words = (0..<pen.integer(in: 1...3)).map { _ in
            (0..<pen.integer(in: 1...4)).map { _ in pen.integer(in: 0...9) }
        }
        let text = words.map { $0.map(String.init).joined() }.joined(separator: " ")

        let (side, margin) = (Pen.side, 6)
        var width = 2 * margin + side
        let places = words.map { word in
            defer { width += 14 }
            return word.map { digit in
                defer { width += pen.integer(in: 15...18) }
                return (digit: digit, x: width - margin - side)
            }
        }
        var paper = [UInt8](repeating: 240, count: side * width)
        for (digit, x) in places.joined() {
            for (pixel, ink) in pen.draw(Character("\(digit)")).enumerated() {
                let place = pixel / side * width + x + pixel % side
                paper[place] = min(paper[place], 240 - ink / 5 * 4)
            }
        }
        return (Image(width: width, height: side, channels: 1, pixels: paper), text)
    }

    public func transform(_ raw: (image: Image, text: String), name: String) throws -> Example {
        Example(input: input.tensor(raw.image), labels: Tensor(try characters.encode(raw.text, sample: name)))
    }
}
