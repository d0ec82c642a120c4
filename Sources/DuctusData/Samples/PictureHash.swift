/// A hash of what a picture looks like: scaled, recompressed, or slightly brighter copies have the same or nearly the
/// same one.
///
/// The picture is reduced to 8 rows of 33 cells of equal size; a bit is set where a cell is darker than its left
/// neighbor. Source: N. Krawetz, *Kind of like that* (difference hash), 2013, with cells for lines of text.
public struct PictureHash: Sendable, Hashable {
    /// The 256 bits.
    public let bits: SIMD4<UInt64>
    /// The width divided by the height.
    public let aspect: Float

    /// The largest number of different bits of copies.
    public static let tolerance = 12

    private static let (rows, columns) = (8, 32)
    /// Differences of brightness that are taken for noise, in parts of the range of the cells: the edges of cells do not
    /// fall on the same pixels in a copy of another size.
    private static let noise = 0.08

    /// The hash of a picture, which must not be empty.
    public init(_ image: Image) {
        let cells = image.grayscale().resized(width: Self.columns + 1, height: Self.rows, method: .area).pixels
        let noise = max(3, Int(Self.noise * Double((cells.max() ?? 0) - (cells.min() ?? 0))))
        var bits = SIMD4<UInt64>()
        for row in 0..<Self.rows {
            for column in 0..<Self.columns {
                let left = Int(cells[row * (Self.columns + 1) + column])
                let right = Int(cells[row * (Self.columns + 1) + column + 1])
                guard right + noise < left else { continue }
                let index = row * Self.columns + column
                bits[index / 64] |= 1 << UInt64(index % 64)
            }
        }
        (self.bits, aspect) = (bits, Float(image.width) / Float(max(image.height, 1)))
    }

    /// The number of bits that are set; with few, there is not enough in the picture to recognize it.
    public var weight: Int { Self.count(bits) }

    /// Whether two pictures look the same: a tenth of the bits that are set may differ, but not more than ``tolerance``.
    public func isSimilar(to other: PictureHash) -> Bool {
        Self.count(bits ^ other.bits) <= min(Self.tolerance, max(weight, other.weight) / 10)
            && abs(aspect - other.aspect) <= 0.05 * max(aspect, other.aspect)
    }

    private static func count(_ bits: SIMD4<UInt64>) -> Int {
        bits[0].nonzeroBitCount + bits[1].nonzeroBitCount + bits[2].nonzeroBitCount + bits[3].nonzeroBitCount
    }
}
