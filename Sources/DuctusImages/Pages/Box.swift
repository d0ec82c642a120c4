/// An axis-aligned rectangle of pixels: `x` and `y` are its left and top edges, and it covers `x ..< x + width` by
/// `y ..< y + height`. The origin is the upper left corner of the image, and `y` increases downward.
///
/// Encoded as the array `[x, y, width, height]`.
public struct Box: Hashable, Sendable {
    /// Pixels from the left edge of the image to the box; negative where the box begins outside.
    public var x: Int
    /// Pixels from the top edge of the image to the box; negative where the box begins outside.
    public var y: Int
    /// Columns covered; a box may have none.
    public var width: Int
    /// Rows covered; a box may have none.
    public var height: Int

    /// Creates a box; `width` and `height` must not be negative.
    public init(x: Int, y: Int, width: Int, height: Int) {
        precondition(width >= 0 && height >= 0, "A box must not have a negative size, got \(width) × \(height).")
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    /// The first column right of the box.
    public var maxX: Int { x + width }

    /// The first row below the box.
    public var maxY: Int { y + height }

    /// The number of pixels covered.
    public var area: Int { width * height }

    /// The smallest box that covers both.
    public func union(_ other: Box) -> Box {
        let left = min(x, other.x)
        let top = min(y, other.y)
        return Box(x: left, y: top, width: max(maxX, other.maxX) - left, height: max(maxY, other.maxY) - top)
    }

    /// The pixels that both boxes cover; of size 0 × 0 if there are none.
    public func intersection(_ other: Box) -> Box {
        let left = max(x, other.x)
        let top = max(y, other.y)
        let width = min(maxX, other.maxX) - left
        let height = min(maxY, other.maxY) - top
        guard width > 0, height > 0 else { return Box(x: left, y: top, width: 0, height: 0) }
        return Box(x: left, y: top, width: width, height: height)
    }

    /// Intersection over union, the overlap of two boxes from 0 (apart) to 1 (equal): `|A ∩ B| / |A ∪ B|`.
    ///
    /// Of two boxes without area, 0.
    public func intersectionOverUnion(_ other: Box) -> Double {
        let common = intersection(other).area
        let covered = area + other.area - common
        return covered > 0 ? Double(common) / Double(covered) : 0
    }
}

extension Box: Codable {
    /// The largest coordinate accepted from a file, so that areas and edges cannot overflow.
    private static let limit = Int(Int32.max) / 2

    public init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        let x = try values.decode(Int.self)
        let y = try values.decode(Int.self)
        let width = try values.decode(Int.self)
        let height = try values.decode(Int.self)
        let range = -Self.limit...Self.limit
        guard values.isAtEnd, width >= 0, height >= 0, [x, y, width, height].allSatisfy(range.contains) else {
            throw DecodingError.dataCorruptedError(
                in: values,
                debugDescription: "A box is four numbers, [x, y, width, height], with a size that is not negative.")
        }
        self.init(x: x, y: y, width: width, height: height)
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.unkeyedContainer()
        for value in [x, y, width, height] { try values.encode(value) }
    }
}
