import CDuctusKernels

/// Normalizes every channel over the batch, then applies an activation: y = activation(γ (x − μ) / √(σ² + ε) + β)
/// (Ioffe and Szegedy 2015).
///
/// Shapes: x `[…, channels]`, scale γ and shift β `[channels]`. Also returns the mean and the biased variance of the
/// batch. The backward pass recomputes the activation from x, so that only x is saved.
///
/// With `widths`, one per sample of a batch of images `[batch, height, width, channels]`, columns from a sample's width on
/// are padding: they do not count in the statistics, the output is zero there, and nothing flows back to them.
@_specialize(where Scalar == Float)
public func batchNormalization<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, scale: Tensor<Scalar>, shift: Tensor<Scalar>, widths: [Int]? = nil, epsilon: Double = 1e-5,
    activation: Activation = .identity
) -> (output: Tensor<Scalar>, mean: [Double], variance: [Double]) {
    let channels = scale.count
    precondition(
        x.shape.last == channels,
        "batchNormalization: input is \(x.shape); its last axis must be \(channels).")
    precondition(
        scale.shape == [channels] && shift.shape == [channels],
        "batchNormalization: scale is \(scale.shape), shift \(shift.shape); both must be \([channels] as Shape).")
    precondition(x.count > 0, "batchNormalization: the batch of shape \(x.shape) is empty.")
    if let widths {
        precondition(
            x.rank == 4 && widths.count == x.shape[0] && widths.allSatisfy { 0...x.shape[2] ~= $0 }
                && widths.contains { $0 > 0 },
            "batchNormalization: input is \(x.shape), with widths \(widths); there must be one from 0 to the width of the "
                + "images for every sample, and not all of them 0.")
    }
    let plain = x.detached().dense()
    let runs = RowRuns(x.shape, widths: widths)
    precondition(
        runs.count > 1,
        "batchNormalization: input is \(x.shape), with one value per channel; statistics need several.")
    var (mean, variance): ([Double], [Double]) = ([], [])
    let output = Tensor.operation(of: [x, scale, shift], activation.attributes) {
        (mean, variance) = runs.moments(of: plain)
        let normalization = Normalization(
            mean: mean, variance: variance, scale: scale.detached(), shift: shift.detached(), epsilon: epsilon,
            activation: activation)
        let needsInput = x.isRecorded
        return normalization(plain, runs).recorded(inputs: [x, scale, shift]) { upstream in
            let (dx, dScale, dShift) = normalization.gradient(plain, runs, upstream.dense(), needsInput: needsInput)
            return [dx, dScale, dShift]
        }
    }
    return (output, mean, variance)
}

/// Normalization of channels by given statistics, as a scale and a shift per channel, with an activation.
package struct Normalization<Scalar: FloatingScalar>: Sendable {
    private let mean: [Double]
    private let variance: [Double]
    private let gamma: Tensor<Scalar>
    private let epsilon: Double
    private let activation: Activation
    /// γ / √(σ² + ε), then β − μ γ / √(σ² + ε): `[2, channels]`.
    private let coefficients: Tensor<Scalar>
    private var channels: Int { mean.count }

    package init(
        mean: [Double], variance: [Double], scale: Tensor<Scalar>, shift: Tensor<Scalar>, epsilon: Double,
        activation: Activation
    ) {
        let channels = mean.count
        (self.mean, self.variance, gamma) = (mean, variance, scale)
        (self.epsilon, self.activation) = (epsilon, activation)
        coefficients = Tensor(shape: [2, channels]) { out in
            withPointers(to: scale, shift) { gamma, beta in
                Scalar.kernels.norm_coefficients(
                    channels, mean, variance, epsilon, gamma, beta, out.baseAddress!, out.baseAddress! + channels)
            }
        }
    }

    /// The normalized x; zero in the columns of images from a sample's width on.
    package func callAsFunction(_ x: Tensor<Scalar>, widths: [Int]? = nil) -> Tensor<Scalar> {
        self(x, RowRuns(x.shape, widths: widths))
    }

    fileprivate func callAsFunction(_ x: Tensor<Scalar>, _ runs: RowRuns) -> Tensor<Scalar> {
        withPointers(to: x, coefficients) { elements, scale in
            runs.map(x.shape, columns: channels) { rows, out in
                Scalar.kernels.column_affine(
                    rows.count, channels, elements + rows.lowerBound * channels, scale, scale + channels,
                    activation.kernel, x.exceedsCaches, out)
            }
        }
    }

    /// The gradient where mean and variance are those of the rows of `x` that count.
    fileprivate func gradient(
        _ x: Tensor<Scalar>, _ runs: RowRuns, _ upstream: Tensor<Scalar>, needsInput: Bool
    ) -> (input: Tensor<Scalar>?, scale: Tensor<Scalar>, shift: Tensor<Scalar>) {
        withPointers(to: x, upstream, coefficients, gamma) { elements, dy, scale, gamma in
            let shift = scale + channels
            let sums = runs.totals(2 * channels) { rows, sums in
                let start = rows.lowerBound * channels
                Scalar.kernels.column_affine_sums(
                    rows.count, channels, elements + start, mean, scale, shift, activation.kernel, dy + start, sums,
                    sums + channels)
            }
            // Slope and constant of dx, then the gradients of γ and β.
            let result = Tensor<Scalar>(shape: [4, channels]) { out in
                let row = (0..<4).map { out.baseAddress! + $0 * channels }
                sums.withUnsafeBufferPointer { sums in
                    Scalar.kernels.norm_gradient_coefficients(
                        runs.count, channels, mean, variance, epsilon, gamma, sums.baseAddress!,
                        sums.baseAddress! + channels, row[0], row[1], row[2], row[3])
                }
            }
            let dx: Tensor<Scalar>? =
                needsInput
                ? withPointers(to: result) { slope in
                    runs.map(x.shape, columns: channels) { rows, out in
                        let start = rows.lowerBound * channels
                        Scalar.kernels.column_affine_gradient(
                            rows.count, channels, elements + start, scale, shift, activation.kernel, dy + start, slope,
                            slope + channels, x.exceedsCaches, out)
                    }
                } : nil
            return (dx, result.row(2), result.row(3))
        }
    }
}
