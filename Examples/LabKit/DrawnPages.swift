import Ductus

/// Synthetic pages of scribbled lines, as a substitute for IAM in the paragraphs lab.
public struct DrawnPages: Dataset {
    public let count: Int
    private let seed: UInt64

    /// Pages that depend only on the seed and their index.
    public init(count: Int, seed: UInt64) { (self.count, self.seed) = (count, seed) }

    public var expectation: Expectation {
        Expectation(shape: [DetectionGeometry.mapSide, DetectionGeometry.mapSide, 1], classes: 3)
    }

    public func name(of index: Int) -> String { "drawn page \(index)" }

    public func raw(_ index: Int) -> (page: Image, lines: [Box]) {
        var pen = Pen(RandomStream(seed: seed).split(index))
        let (width, height) = (500, 600)
        var paper = [UInt8](repeating: 245, count: width * height)
        let distance = pen.integer(in: 48...70)
        let lines = (0..<pen.integer(in: 3...(height - 60) / distance)).map { number in
            Box(
                x: pen.integer(in: 20...60), y: 30 + number * distance + pen.integer(in: -3...3),
                width: pen.integer(in: 200...420), height: distance * 7 / 10)
        }
        for line in lines { pen.scribble(in: line, on: &paper, width: width) }
        return (Image(width: width, height: height, channels: 1, pixels: paper), lines)
    }

    public func transform(_ raw: (page: Image, lines: [Box]), name: String) -> Example {
        DetectionSample(page: raw.page, lines: raw.lines).example()
    }
}

extension Pen {
    /// Fills a box with wavy scribbles, separated like words.
    fileprivate mutating func scribble(in box: Box, on paper: inout [UInt8], width: Int) {
        let (middle, reach) = (Double(box.y) + Double(box.height) / 2, Double(box.height) / 2 - 2)
        var (x, phase, letters) = (Double(box.x + 2), 0.0, integer(in: 2...8))
        var swing = reach / 2
        while x < Double(box.maxX - 3) {
            let y = middle + swing * wave(phase)
            for row in Int(y) - 1...Int(y) + 1 {
                for column in Int(x)...Int(x) + 1 { paper[row * width + column] = 60 }
            }
            (x, phase) = (x + 0.2, phase + 0.025)
            guard phase >= 1 else { continue }
            (phase, letters, swing) = (0, letters - 1, reach * number(in: 0.3...1))
            if letters == 0 { (x, letters) = (x + number(in: 8...14), integer(in: 2...8)) }
        }
    }

    /// One period of a wave for `phase` from 0 to 1, starting and ending at 0.
    private func wave(_ phase: Double) -> Double {
        let half = phase.truncatingRemainder(dividingBy: 0.5) * 2
        return (phase < 0.5 ? -4 : 4) * half * (1 - half)
    }
}
