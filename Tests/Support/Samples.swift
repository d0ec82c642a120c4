import DuctusAutograd

extension Tensor where Scalar: FloatingScalar {
    /// Normally distributed numbers determined by a seed.
    package static func sample(_ shape: Shape, seed: UInt64 = 1, scale: Scalar = 1) -> Tensor {
        var random = RandomStream(seed: seed)
        return .normal(shape, standardDeviation: scale, using: &random)
    }

    /// Shuffled numbers a tenth apart, none near zero: far from every kink and tie.
    package static func distinct(_ shape: Shape, seed: UInt64 = 1) -> Tensor {
        var random = RandomStream(seed: seed)
        let count = shape.elementCount
        return Tensor((0..<count).shuffled(using: &random).map { Scalar($0 - count / 2) / 10 + 0.05 }, shape: shape)
    }

    /// The same elements, transposed in memory.
    package var strided: Tensor { rank < 2 ? self : transposed(0, -1).dense().transposed(0, -1) }

    /// Σ a · b, in double precision.
    package func dot(_ other: Tensor) -> Double {
        zip(scalars, other.scalars).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
}

/// Every index of a shape, in row-major order.
package func indices(of shape: Shape) -> [[Int]] {
    shape.reduce([[]]) { prefixes, extent in prefixes.flatMap { prefix in (0..<extent).map { prefix + [$0] } } }
}
