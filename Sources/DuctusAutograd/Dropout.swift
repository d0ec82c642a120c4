/// Dropout: while a tape records, zeroes elements with probability `rate` and scales the others by 1 / (1 − rate);
/// otherwise the identity (Srivastava et al. 2014).
@_specialize(where Scalar == Float)
public func dropout<Scalar: FloatingScalar>(_ x: Tensor<Scalar>, rate: Double) -> Tensor<Scalar> {
    precondition(rate >= 0 && rate < 1, "dropout: rate is \(rate); it must be at least 0 and below 1.")
    guard rate > 0, Tape.isRecording, var random = Recording.nextStream() else { return x }
    return x * Tensor<Scalar>.dropoutMask(x.shape, rate: rate, using: &random)
}
