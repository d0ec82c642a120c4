/// Dropout: in training, zeroes elements with probability `rate` and scales the others by 1 / (1 − rate); otherwise the
/// identity (Srivastava et al. 2014); see ``Training``. Rate 1 zeroes all elements.
///
/// Elements that differ only in their index along the axes `sharing` are kept or dropped together: `[1, 2]` drops whole
/// channels of images (Tompson et al. 2015).
@_specialize(where Scalar == Float)
public func dropout<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, rate: Double, sharing axes: [Int] = []
) -> Tensor<Scalar> {
    precondition(rate >= 0 && rate <= 1, "dropout: rate is \(rate); it must be from 0 to 1.")
    guard rate > 0, var random = Training.nextStream() else { return x }
    // Nothing is kept, so nothing is scaled.
    guard rate < 1 else { return x.replacing(with: 0, where: Tensor<Bool>(true)) }
    var shape = x.shape
    for axis in axes { shape[shape.axis(axis)] = 1 }
    return x * Tensor<Scalar>.dropoutMask(shape, rate: rate, using: &random)
}
