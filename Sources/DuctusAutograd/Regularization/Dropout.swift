/// Dropout: while a tape records, zeroes elements with probability `rate` and scales the others by 1 / (1 − rate);
/// otherwise the identity (Srivastava et al. 2014).
///
/// Elements that differ only in their index along the axes `sharing` are kept or dropped together: `[1, 2]` drops whole
/// channels of images (Tompson et al. 2015).
@_specialize(where Scalar == Float)
public func dropout<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, rate: Double, sharing axes: [Int] = []
) -> Tensor<Scalar> {
    precondition(rate >= 0 && rate < 1, "dropout: rate is \(rate); it must be at least 0 and below 1.")
    guard rate > 0, Tape.isRecording, var random = Recording.nextStream() else { return x }
    var shape = x.shape
    for axis in axes { shape[shape.axis(axis)] = 1 }
    return x * Tensor<Scalar>.dropoutMask(shape, rate: rate, using: &random)
}
