import DuctusAutograd
import DuctusTestSupport

/// Numbers in row-major order and their shape: what definitions compute with.
struct Plain: Sendable {
    let shape: [Int]
    var numbers: [Double]

    init(_ numbers: [Double], shape: [Int]) { (self.numbers, self.shape) = (numbers, shape) }

    init(_ tensor: Tensor<Float>) { self.init(tensor.scalars.map { Double($0) }, shape: Array(tensor.shape)) }

    /// The number that `number` returns for every index.
    init(_ shape: [Int], _ number: (_ index: [Int]) -> Double) {
        self.init(indices(of: Shape(shape)).map(number), shape: shape)
    }

    var rank: Int { shape.count }

    /// The number at an index. Like an operand that broadcasts, it has missing leading axes, and extents of 1 repeat.
    subscript(index: [Int]) -> Double {
        let lead = index.count - rank
        var position = 0
        for axis in 0..<rank { position = position * shape[axis] + (shape[axis] == 1 ? 0 : index[lead + axis]) }
        return numbers[position]
    }

    subscript(index: Int...) -> Double { self[index] }

    func map(_ transform: (Double) -> Double) -> Plain { Plain(numbers.map(transform), shape: shape) }

    /// The nonnegative number of an axis.
    func axis(_ axis: Int) -> Int { axis < 0 ? axis + rank : axis }

    /// The shape that two shapes broadcast to.
    static func common(_ a: [Int], _ b: [Int]) -> [Int] {
        let rank = max(a.count, b.count)
        let wide = [a, b].map { [Int](repeating: 1, count: rank - $0.count) + $0 }
        return zip(wide[0], wide[1]).map { $0 == 1 ? $1 : $0 }
    }

    /// `combine` of every pair of numbers, broadcast.
    func combined(_ other: Plain, _ combine: (Double, Double) -> Double) -> Plain {
        if shape == other.shape { return Plain(zip(numbers, other.numbers).map(combine), shape: shape) }
        return Plain(Self.common(shape, other.shape)) { combine(self[$0], other[$0]) }
    }

    /// `reduce` of the numbers over `axes` (all for nil), for every position along the other axes.
    func reduced(_ axes: [Int]?, keeping: Bool, _ reduce: ([Double]) -> Double) -> Plain {
        let reduced = axes.map { $0.map(axis) } ?? Array(0..<rank)
        var kept = shape
        for axis in reduced { kept[axis] = 1 }
        var groups = [[Double]](repeating: [], count: kept.reduce(1, *))
        for (index, number) in zip(indices(of: Shape(shape)), numbers) {
            var position = 0
            for axis in 0..<rank { position = position * kept[axis] + (kept[axis] == 1 ? 0 : index[axis]) }
            groups[position].append(number)
        }
        let dropped = shape.indices.filter { !reduced.contains($0) }.map { shape[$0] }
        return Plain(groups.map(reduce), shape: keeping ? kept : dropped)
    }

    /// `transform` of every line along `axis`; the lines may change their length.
    func lines(along axis: Int, _ transform: ([Double]) -> [Double]) -> Plain {
        let axis = self.axis(axis)
        let (extent, inner) = (shape[axis], shape[(axis + 1)...].reduce(1, *))
        var result = shape
        result[axis] = transform([Double](repeating: 0, count: extent)).count
        var numbers = [Double](repeating: 0, count: result.reduce(1, *))
        for line in 0..<shape[..<axis].reduce(1, *) * inner {
            let (outer, first) = line.quotientAndRemainder(dividingBy: inner)
            let start = outer * extent * inner + first
            let transformed = transform((0..<extent).map { self.numbers[start + $0 * inner] })
            for (k, number) in transformed.enumerated() {
                numbers[outer * result[axis] * inner + first + k * inner] = number
            }
        }
        return Plain(numbers, shape: result)
    }
}

extension [Double] {
    /// The sum of these numbers.
    var total: Double { reduce(0, +) }

    /// The largest number; NaN if there is one.
    var top: Double { reduce(-.infinity) { $0.isNaN || $1.isNaN ? .nan : $0 > $1 ? $0 : $1 } }

    /// The smallest number; NaN if there is one.
    var bottom: Double { reduce(.infinity) { $0.isNaN || $1.isNaN ? .nan : $0 < $1 ? $0 : $1 } }

    /// In order, with NaN last.
    func ordered(descending: Bool = false) -> [Double] { order(descending: descending).map { self[$0] } }

    /// The positions that put these numbers in order, with NaN last; equal numbers keep their order.
    func order(descending: Bool = false) -> [Int] {
        indices.sorted { i, j in
            let (a, b) = (self[i], self[j])
            if a.isNaN || b.isNaN { return !a.isNaN || b.isNaN && i < j }
            return a == b ? i < j : descending ? a > b : a < b
        }
    }
}
