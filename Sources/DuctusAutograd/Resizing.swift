/// What the pixels of an image of another size are made of.
public enum Interpolation: String, Sendable, Codable, CaseIterable {
    /// The pixel at ⌊position · old / new⌋.
    case nearest
    /// The two nearest along each axis, weighted by their distance. Pixels are squares and the corners of both images
    /// coincide (PyTorch's `align_corners=False`): position i reads from (i + ½) old / new − ½.
    case bilinear
    /// The same between images whose corner pixels coincide in their centres (PyTorch's `align_corners=True`): position
    /// i reads from i (old − 1) / (new − 1).
    case bilinearAligned
}

/// An image in another size.
///
/// Shapes: x `[batch, height, width, channels]` → `[batch, size.height, size.width, channels]`. Nothing is smoothed
/// first, so making an image much smaller leaves pixels out.
@_specialize(where Scalar == Float)
public func resize2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, to size: IntPair, _ interpolation: Interpolation = .bilinear
) -> Tensor<Scalar> {
    precondition(
        x.rank == 4 && x.shape[1] > 0 && x.shape[2] > 0,
        "resize2D: input is \(x.shape); it must be [batch, height, width, channels], with pixels.")
    precondition(
        size.height > 0 && size.width > 0, "resize2D: the new size \(size.height) × \(size.width) has no pixels.")
    // Across while there are few rows, then down.
    return x.mapped(by: interpolation.matrix(from: x.shape[2], to: size.width), axis: 2)
        .mapped(by: interpolation.matrix(from: x.shape[1], to: size.height), axis: 1)
}

extension Interpolation {
    /// From pixels along one axis to those of the new size.
    fileprivate func matrix<Scalar: FloatingScalar>(from old: Int, to new: Int) -> SparseMatrix<Scalar> {
        SparseMatrix(
            columns: old,
            (0..<new).map { i in
                let position =
                    switch self {
                    case .nearest: Double(i * old / new)
                    case .bilinear: max((Double(i) + 0.5) * Double(old) / Double(new) - 0.5, 0)
                    case .bilinearAligned: Double(i * (old - 1)) / Double(max(new - 1, 1))
                    }
                let lower = min(Int(position), old - 1)
                let part = position - Double(lower)
                return part == 0 || lower + 1 == old ? [(lower, 1)] : [(lower, 1 - part), (lower + 1, part)]
            })
    }
}
