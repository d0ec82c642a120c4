import DuctusTensors
import DuctusTestSupport

extension Tensor where Scalar: NumericScalar {
    /// Small pseudorandom integers with many ties, at least `low`.
    static func small(_ shape: Shape, from low: Int = -2, seed: UInt64 = 1) -> Tensor {
        var random = RandomStream(seed: seed)
        return Tensor(
            (0..<shape.elementCount).map { _ in Scalar(exactly: Int.random(in: low...low + 5, using: &random))! },
            shape: shape)
    }
}

extension Tensor {
    /// The same elements with different strides: dense, transposed, with gaps, and repeated along a new first axis.
    var views: [Tensor] {
        let gaps = Tensor.concatenated([expandingShape(at: -1), expandingShape(at: -1)], axis: -1)
            .sliced(1..<2, axis: -1).squeezingShape(at: -1)
        let turned = rank < 2 ? self : transposed(0, -1).reshaped(to: Shape(transposed(0, -1).shape)).transposed(0, -1)
        return [self, turned, gaps] + (rank < 4 ? [broadcast(to: Shape([2] + shape))] : [])
    }

    /// The elements over `axes` (all for nil), for every position along the other axes, in row-major order.
    func groups(_ axes: [Int]?) -> [[Scalar]] {
        let reduced = Set(axes.map { $0.map { $0 < 0 ? $0 + rank : $0 } } ?? Array(0..<rank))
        let kept = Shape((0..<rank).map { reduced.contains($0) ? 1 : shape[$0] })
        var groups: [[Int]: [Scalar]] = [:]
        for (index, value) in zip(indices(of: shape), scalars) {
            groups[index.indices.map { reduced.contains($0) ? 0 : index[$0] }, default: []].append(value)
        }
        return indices(of: kept).map { groups[$0] ?? [] }
    }

    /// The shape of a reduction.
    func reducedShape(_ axes: [Int]?, keeping: Bool) -> Shape {
        let reduced = Set(axes.map { $0.map { $0 < 0 ? $0 + rank : $0 } } ?? Array(0..<rank))
        return Shape((0..<rank).flatMap { reduced.contains($0) ? (keeping ? [1] : []) : [shape[$0]] })
    }
}
