/// The extents of a tensor's axes, outermost first. Up to eight axes, stored inline.
///
/// ```swift
/// let shape: Shape = [3, 4]
/// print(shape.rank, shape.elementCount, shape[0])   // 2 12 3
/// ```
public struct Shape: Sendable, Hashable, RandomAccessCollection, MutableCollection, ExpressibleByArrayLiteral {
    private var extents: SIMD8<Int>
    /// The number of axes.
    public private(set) var count: Int

    /// The largest number of axes.
    public static let maximumRank = 8

    public init(arrayLiteral elements: Int...) { self.init(elements) }

    /// A shape with the given extents.
    @_specialize(where Extents == [Int])
    public init<Extents: Collection<Int>>(_ elements: Extents) {
        precondition(elements.count <= Self.maximumRank, "A shape has at most 8 axes; got \(elements.count).")
        extents = .zero
        count = elements.count
        for (axis, extent) in elements.enumerated() { extents[axis] = extent }
    }

    /// A shape of `count` axes with the same extent.
    public init(repeating extent: Int, count: Int) {
        precondition(count >= 0, "A shape has at least 0 axes; got \(count).")
        self.init(repeatElement(extent, count: count))
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }

    public subscript(axis: Int) -> Int {
        get {
            precondition(axis >= 0 && axis < count, "Axis \(axis) is out of range for rank \(count).")
            return extents[axis]
        }
        set {
            precondition(axis >= 0 && axis < count, "Axis \(axis) is out of range for rank \(count).")
            extents[axis] = newValue
        }
    }

    /// The number of axes.
    public var rank: Int { count }

    /// The number of elements: the product of all extents, 1 for a scalar.
    public var elementCount: Int {
        var product = 1
        for axis in 0..<count {
            let (next, overflow) = product.multipliedReportingOverflow(by: extents[axis])
            precondition(!overflow || contains(0), "A tensor of shape \(self) has too many elements to exist.")
            product = overflow ? 0 : next
        }
        return product
    }

    /// The nonnegative number of an axis that may count from the end. Traps if it is out of range.
    public func axis(_ axis: Int) -> Int {
        precondition(axis >= -count && axis < count, "Axis \(axis) is out of range for shape \(self).")
        return axis < 0 ? axis + count : axis
    }

    /// Adds an axis at the end.
    public mutating func append(_ extent: Int) { self = Shape(Array(self) + [extent]) }

    /// Inserts an axis at position `axis`.
    public mutating func insert(_ extent: Int, at axis: Int) {
        precondition(
            axis >= 0 && axis <= count, "A new axis cannot be inserted at position \(axis) of shape \(self).")
        var list = Array(self)
        list.insert(extent, at: axis)
        self = Shape(list)
    }

    /// Removes an axis and returns its extent.
    @discardableResult
    public mutating func remove(at axis: Int) -> Int {
        precondition(axis >= 0 && axis < count, "Axis \(axis) is out of range for shape \(self).")
        var list = Array(self)
        let extent = list.remove(at: axis)
        self = Shape(list)
        return extent
    }

    /// This shape with another last extent.
    package func replacingLast(with extent: Int) -> Shape {
        var shape = self
        shape[count - 1] = extent
        return shape
    }

    /// Row-major strides, in elements.
    var denseStrides: Shape {
        var strides = self
        var step = 1
        for axis in indices.reversed() {
            strides[axis] = step
            // It may overflow only if there are no elements.
            step &*= self[axis]
        }
        return strides
    }

    /// Whether this shape broadcasts to `target`.
    func broadcasts(to target: Shape) -> Bool {
        count <= target.count
            && (0..<count).allSatisfy { self[$0] == 1 || self[$0] == target[$0 + target.count - count] }
    }

    /// The common shape that two shapes broadcast to, by NumPy's rules: aligned at the last axis, with extents that are
    /// equal or one of them 1.
    ///
    /// ```swift
    /// Shape.broadcast([3, 1], [2, 1, 4])   // [2, 3, 4]
    /// ```
    public static func broadcast(_ a: Shape, _ b: Shape) -> Shape {
        let rank = Swift.max(a.count, b.count)
        var result = Shape(repeating: 1, count: rank)
        for axis in 0..<rank {
            let i = axis - (rank - a.count)
            let j = axis - (rank - b.count)
            let (m, n) = (i >= 0 ? a[i] : 1, j >= 0 ? b[j] : 1)
            precondition(
                m == n || m == 1 || n == 1,
                "Shapes \(a) and \(b) do not broadcast: axis \(axis) has extents \(m) and \(n).")
            result[axis] = m == 1 ? n : m
        }
        return result
    }
}

extension Shape: CustomStringConvertible {
    public var description: String { "[" + map(String.init).joined(separator: ", ") + "]" }
}

extension Shape: Encodable {
    /// An array of extents.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Array(self))
    }
}

extension Collection<Int> {
    /// The number of elements of a tensor with these extents.
    package var extentProduct: Int { Shape(self).elementCount }
}
