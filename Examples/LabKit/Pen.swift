import Ductus

/// Draws characters of ``Font`` that look handwritten, with random slant, rotation, size, position, and stroke width.
struct Pen {
    /// The width and height of a character image in pixels.
    static let side = 28

    private var random: RandomStream

    init(_ random: RandomStream) { self.random = random }

    mutating func number(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * random.uniform()
    }

    mutating func integer(in range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    /// One character, `[28, 28]`, bright ink on black.
    mutating func draw(_ character: Character) -> [UInt8] {
        let dots = Font.dots(of: character)
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
            let ink = (Self.ink(dots, row: row, column: column) - pressure) * 4 + 0.5
            return UInt8(255 * min(max(ink, 0), 1))
        }
    }

    /// The ink at a position, from 0 to 1, interpolated bilinearly between the dots.
    private static func ink(_ dots: [[Bool]], row: Double, column: Double) -> Double {
        func dot(_ row: Int, _ column: Int) -> Double {
            dots.indices.contains(row) && dots[row].indices.contains(column) && dots[row][column] ? 1 : 0
        }
        let (top, left) = (Int(row.rounded(.down)), Int(column.rounded(.down)))
        let (v, u) = (row - Double(top), column - Double(left))
        return (1 - v) * ((1 - u) * dot(top, left) + u * dot(top, left + 1))
            + v * ((1 - u) * dot(top + 1, left) + u * dot(top + 1, left + 1))
    }
}
