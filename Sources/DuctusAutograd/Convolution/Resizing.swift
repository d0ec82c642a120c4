/// How the pixels of a resized image are interpolated.
public enum Interpolation: String, Sendable, Codable, CaseIterable {
    /// The pixel at ⌊position · old / new⌋.
    case nearest
    /// Linear interpolation along each axis, with the corners of both images aligned (PyTorch's `align_corners=False`):
    /// position i reads from (i + ½) old / new − ½.
    case bilinear
    /// The same with the centers of the corner pixels aligned (PyTorch's `align_corners=True`): position i reads from
    /// i (old − 1) / (new − 1).
    case bilinearAligned
}

/// Resizes images.
///
/// Shapes: x `[batch, height, width, channels]` → `[batch, size.height, size.width, channels]`. There is
/// no antialiasing, so strong downsampling skips pixels.
@_specialize(where Scalar == Float)
public func resize2D<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, to size: IntPair, _ interpolation: Interpolation = .bilinear
) -> Tensor<Scalar> {
    precondition(
        x.rank == 4 && x.shape[1] > 0 && x.shape[2] > 0,
        "resize2D: input is \(x.shape); it must be [batch, height, width, channels], with pixels.")
    precondition(
        size.height > 0 && size.width > 0,
        "resize2D: size is \(size.height) × \(size.width); it must be at least 1 × 1.")
    // Along the width while there are few rows, then along the height.
    return x.mapped(by: interpolation.matrix(from: x.shape[2], to: size.width), axis: 2)
        .mapped(by: interpolation.matrix(from: x.shape[1], to: size.height), axis: 1)
}

extension Interpolation {
    /// The interpolation along one axis.
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
