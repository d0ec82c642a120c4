import CDuctusKernels

/// Normalizes every row by its own mean and variance: y = γ (x − μ) / √(σ² + ε) + β over the last axis
/// (Ba, Kiros and Hinton 2016).
///
/// Shapes: x `[…, channels]`, scale γ and shift β `[channels]` → `[…, channels]`.
@_specialize(where Scalar == Float)
public func layerNormalization<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, scale: Tensor<Scalar>, shift: Tensor<Scalar>, epsilon: Double = 1e-5
) -> Tensor<Scalar> {
    let channels = scale.count
    precondition(
        x.shape.last == channels && channels > 0,
        "layerNormalization: input is \(x.shape); its last axis must be \(channels), which must not be 0.")
    precondition(
        scale.shape == [channels] && shift.shape == [channels],
        "layerNormalization: scale is \(scale.shape), shift \(shift.shape); both must be \([channels] as Shape).")
    return Tensor.operation(of: [x, scale, shift]) {
        let (plain, gamma) = (x.detached().dense(), scale.detached())
        let rows = x.count / channels
        // Every row's mean, then every row's 1 / √(σ² + ε).
        let moments = Tensor<Scalar>.scratch(2 * rows)
        let output = withPointers(to: plain, gamma, shift.detached(), moments) { x, gamma, beta, moments in
            let means = UnsafeMutablePointer(mutating: moments)
            return Tensor<Scalar>.byRows(plain.shape, columns: channels) { range, out in
                let first = range.lowerBound
                Scalar.kernels.layer_norm(
                    range.count, channels, x + first * channels, gamma, beta, epsilon, out, means + first,
                    means + rows + first)
            }
        }
        return output.recorded(inputs: [x, scale, shift]) { upstream in
            let dx = Tensor<Scalar>.scratch(plain.count).reshaped(to: plain.shape)
            let sums = withPointers(to: plain, gamma, moments, upstream, dx) { x, gamma, means, dy, dx in
                rowTotals(rows: rows, columns: channels, sums: 2 * channels) { range, sums in
                    let (first, start) = (range.lowerBound, range.lowerBound * channels)
                    withPointers(to: Tensor<Scalar>.scratch(2 * channels)) { part in
                        let dGamma = UnsafeMutablePointer(mutating: part)
                        Scalar.kernels.layer_norm_gradient(
                            range.count, channels, x + start, means + first, means + rows + first, gamma, dy + start,
                            UnsafeMutablePointer(mutating: dx) + start, dGamma, dGamma + channels)
                        Scalar.kernels.column_sums(1, 2 * channels, part, sums)
                    }
                }
            }
            let parameters = Tensor(sums.map { Scalar($0) }, shape: [2, channels])
            return [dx, parameters.row(0), parameters.row(1)]
        }
    }
}
