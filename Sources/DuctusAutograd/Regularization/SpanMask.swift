/// Masks spans of steps: in training, a share of the steps of each sequence is replaced by zeros, in spans of
/// random place and length; otherwise the identity. So a network learns to read from context, as in SpecAugment (Park et
/// al. 2019) and in HTR-VT (Li et al. 2025).
///
/// Shapes: x `[batch, time, features]` → the same.
///
/// - Parameters:
///   - x: the sequences.
///   - share: the share of steps that are masked, 0 ..< 1.
///   - spans: how many steps a span has; spans may overlap, and the last one is cut where the share is reached.
///   - lengths: the length of each sequence, behind which nothing needs to be masked; `time` for all if `nil`.
public func spanMask<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, share: Double, spans: ClosedRange<Int>, lengths: [Int]? = nil
) -> Tensor<Scalar> {
    precondition(share >= 0 && share < 1, "spanMask: share is \(share); it must be at least 0 and below 1.")
    precondition(spans.lowerBound > 0, "spanMask: spans have \(spans.lowerBound) steps; they must have at least 1.")
    precondition(
        x.rank == 3 && (lengths.map { $0.count == x.shape[0] && $0.allSatisfy { 0...x.shape[1] ~= $0 } } ?? true),
        "spanMask: input is \(x.shape), with lengths \(lengths ?? []); it must be [batch, time, features], with a length "
            + "from 0 to time for every sample.")
    guard share > 0, let noise = Training.nextStream() else { return x }
    let (batch, time) = (x.shape[0], x.shape[1])
    var mask = [Scalar](repeating: 1, count: batch * time)
    for sample in 0..<batch {
        var random = noise.split(sample)
        let length = lengths?[sample] ?? time
        var left = Int((share * Double(length)).rounded())
        while left > 0 {
            let span = min(Int.random(in: spans, using: &random), left)
            let start = sample * time + Int.random(in: 0...length - span, using: &random)
            for step in start..<start + span where mask[step] == 1 {
                mask[step] = 0
                left -= 1
            }
        }
    }
    return x * Tensor(mask, shape: [batch, time, 1])
}
