import Ductus

/// Draws digits that look as if written: a bitmap font of 5 × 7 dots, every digit slanted, turned, resized and pressed
/// differently.
struct Pen {
    /// Pixels along each side of a digit.
    static let side = 28

    private var random: RandomStream

    init(_ random: RandomStream) { self.random = random }

    mutating func number(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * random.uniform()
    }

    mutating func integer(in range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    /// One digit, `[28, 28]`, bright ink on black.
    mutating func draw(_ digit: Int) -> [UInt8] {
        let (angle, slant) = (number(in: -0.3...0.3), number(in: -0.2...0.5))
        let (width, height) = (number(in: 1.9...3.2), number(in: 2.1...3.2))
        let (right, down) = (number(in: -2...2), number(in: -2...2))
        let pressure = number(in: 0.3...0.5)
        let middle = Double(Self.side - 1) / 2
        return (0..<Self.side * Self.side).map { pixel in
            let x = Double(pixel % Self.side) - middle - right
            let y = Double(pixel / Self.side) - middle - down
            let column = (x + angle * y + slant * y) / width + 2
            let row = (y - angle * x) / height + 3
            let ink = (Self.ink(of: digit, row: row, column: column) - pressure) * 4 + 0.5
            return UInt8(255 * min(max(ink, 0), 1))
        }
    }

    /// How much ink the font has between its dots: 0 … 1.
    private static func ink(of digit: Int, row: Double, column: Double) -> Double {
        func dot(_ row: Int, _ column: Int) -> Double {
            (0..<7).contains(row) && (0..<5).contains(column) ? Double(font[digit][row] >> (4 - column) & 1) : 0
        }
        let (top, left) = (Int(row.rounded(.down)), Int(column.rounded(.down)))
        let (v, u) = (row - Double(top), column - Double(left))
        return (1 - v) * ((1 - u) * dot(top, left) + u * dot(top, left + 1))
            + v * ((1 - u) * dot(top + 1, left) + u * dot(top + 1, left + 1))
    }

    /// Seven rows of five dots for every digit.
    private static let font: [[Int]] = [
        [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110],
        [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
        [0b01110, 0b10001, 0b00001, 0b00010, 0b00100, 0b01000, 0b11111],
        [0b11111, 0b00010, 0b00100, 0b00010, 0b00001, 0b10001, 0b01110],
        [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010],
        [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
        [0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110],
        [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000],
        [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110],
        [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100],
    ]
}
