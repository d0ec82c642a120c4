/// Zeroes elements with probability `rate` and scales the others by 1 / (1 − rate), while a tape records; otherwise
/// the input itself (Srivastava et al. 2014).
public func dropout<Scalar: FloatingScalar>(_ x: Tensor<Scalar>, rate: Double) -> Tensor<Scalar> {
    precondition(rate >= 0 && rate < 1, "dropout: the rate is \(rate); it must be at least 0 and below 1.")
    guard rate > 0, Tape.isRecording, var random = Recording.nextStream() else { return x }
    let keep = Scalar(1 / (1 - rate))
    let threshold = Scalar(rate)
    var mask = Tensor<Scalar>.uniform(x.shape, using: &random)
    mask.withUnsafeMutableBuffer { mask in
        for i in mask.indices { mask[i] = mask[i] < threshold ? 0 : keep }
    }
    return x * mask
}
