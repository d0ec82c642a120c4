import CDuctusKernels

/// Normalizes groups of channels of every sample by their mean and variance over all positions: y = activation(γ (x −
/// μ) / √(σ² + ε) + β) (Wu and He 2018). A single group is layer normalization over the whole image; one group per
/// channel is instance normalization (Ulyanov et al. 2016).
///
/// Shapes: x `[batch, …, channels]`, scale γ and shift β `[channels]` → the shape of x. Groups are equal runs of
/// consecutive channels.
@_specialize(where Scalar == Float)
public func groupNormalization<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, groups: Int, scale: Tensor<Scalar>, shift: Tensor<Scalar>, epsilon: Double = 1e-5,
    activation: Activation = .identity
) -> Tensor<Scalar> {
    let channels = scale.count
    precondition(
        x.rank >= 2 && x.shape[x.rank - 1] == channels,
        "groupNormalization: input is \(x.shape); it must be [batch, …, \(channels)].")
    precondition(
        scale.shape == [channels] && shift.shape == [channels],
        "groupNormalization: scale is \(scale.shape), shift \(shift.shape); both must be \([channels] as Shape).")
    precondition(
        groups > 0 && channels.isMultiple(of: groups),
        "groupNormalization: \(channels) channels cannot be divided into \(groups) groups.")
    return Tensor.operation(of: [x, scale, shift], [("groups", "\(groups)")] + activation.attributes) {
        guard x.count > 0 else {
            return x.detached().recorded(inputs: [x, scale, shift]) { [$0, .zeros([channels]), .zeros([channels])] }
        }
        let (plain, gamma) = (x.detached().dense(), scale.detached())
        let samples = Samples<Scalar>(plain.shape, groups: groups)
        let moments = samples.moments(plain, epsilon: epsilon)
        let coefficients = samples.coefficients(moments, gamma, shift.detached())
        let output = withPointers(to: plain, coefficients) { x, coefficients in
            Tensor<Scalar>(shape: plain.shape) { out in
                samples.forEachBlock { _, sample, rows in
                    let (start, scale) = (rows.lowerBound * channels, coefficients + sample * 2 * channels)
                    Scalar.kernels.column_affine(
                        rows.count, channels, x + start, scale, scale + channels, activation.kernel,
                        plain.exceedsCaches,
                        out.baseAddress! + start)
                }
            }
        }
        return output.recorded(inputs: [x, scale, shift]) {
            samples.gradients(plain, $0.dense(), moments, gamma, coefficients, activation)
        }
    }
}

/// A batch of samples, each `rows` rows of grouped channels.
private struct Samples<Scalar: FloatingScalar>: Sendable {
    private let count: Int, rows: Int, channels: Int, groups: Int

    /// The mean and 1 / √(σ² + ε) of every channel's group, `[samples · channels]`.
    typealias Moments = (means: [Double], inverses: [Double])

    init(_ shape: Shape, groups: Int) {
        (count, channels, self.groups) = (shape[0], shape[shape.rank - 1], groups)
        rows = shape.elementCount / (count * channels)
    }

    /// Blocks of rows per sample; fixed, so that sums do not depend on the number of threads.
    private var blocks: Int { (rows + rowGrain(channels) - 1) / rowGrain(channels) }

    /// Calls `body` in parallel with number, sample and rows of every block of the batch.
    func forEachBlock(_ body: (_ block: Int, _ sample: Int, _ rows: Range<Int>) -> Void) {
        let (blocks, grain) = (blocks, rowGrain(channels))
        parallel(count * blocks) { block in
            let (sample, start) = (block / blocks, block % blocks * grain)
            body(block, sample, sample * rows + start..<sample * rows + min(start + grain, rows))
        }
    }

    func moments(_ x: Tensor<Scalar>, epsilon: Double) -> Moments {
        let (blocks, grain, width) = (blocks, rowGrain(channels), channels / groups)
        let parts = Tensor<Double>(shape: [count * blocks, 2, channels]) { out in
            withPointers(to: x) { x in
                forEachBlock { block, _, rows in
                    let moments = out.baseAddress! + block * 2 * channels
                    Scalar.kernels.column_moments(
                        rows.count, channels, x + rows.lowerBound * channels, moments, moments + channels)
                }
            }
        }
        var result: Moments = ([], [])
        withPointers(to: parts) { parts in
            for sample in 0..<count {
                var means = [Double](repeating: 0, count: channels)
                var squares = means
                for block in 0..<blocks {
                    let moments = parts + (sample * blocks + block) * 2 * channels
                    Scalar.kernels.join_moments(
                        channels, block * grain, &means, &squares, min(grain, rows - block * grain), moments,
                        moments + channels)
                }
                for group in stride(from: 0, to: channels, by: width) {
                    let members = group..<group + width
                    let mean = members.reduce(0) { $0 + means[$1] } / Double(width)
                    let total = members.reduce(0) {
                        $0 + squares[$1] + Double(rows) * (means[$1] - mean) * (means[$1] - mean)
                    }
                    let inverse = 1 / (total / Double(rows * width) + epsilon).squareRoot()
                    result.means += repeatElement(mean, count: width)
                    result.inverses += repeatElement(inverse, count: width)
                }
            }
        }
        return result
    }

    /// The scale and the shift of every channel of every sample: `[samples, 2, channels]`.
    func coefficients(_ moments: Moments, _ gamma: Tensor<Scalar>, _ beta: Tensor<Scalar>) -> Tensor<Scalar> {
        Tensor(shape: [count, 2, channels]) { out in
            withPointers(to: gamma, beta) { gamma, beta in
                for (i, mean) in moments.means.enumerated() {
                    let (sample, c) = (i / channels, i % channels)
                    let factor = Double(gamma[c]) * moments.inverses[i]
                    out[sample * 2 * channels + c] = Scalar(factor)
                    out[(sample * 2 + 1) * channels + c] = Scalar(Double(beta[c]) - factor * mean)
                }
            }
        }
    }

    /// The gradients of x, γ and β.
    func gradients(
        _ x: Tensor<Scalar>, _ upstream: Tensor<Scalar>, _ moments: Moments, _ gamma: Tensor<Scalar>,
        _ coefficients: Tensor<Scalar>, _ activation: Activation
    ) -> [Tensor<Scalar>] {
        withPointers(to: x, upstream, coefficients) { x, dy, coefficients in
            // With g the gradient before the activation: Σ g and Σ g (x − μ) of every channel of every block.
            let parts = Tensor<Double>(shape: [count, blocks, 2 * channels]) { out in
                forEachBlock { block, sample, rows in
                    let (start, scale) = (rows.lowerBound * channels, coefficients + sample * 2 * channels)
                    let sums = out.baseAddress! + block * 2 * channels
                    moments.means.withUnsafeBufferPointer {
                        Scalar.kernels.column_affine_sums(
                            rows.count, channels, x + start, $0.baseAddress! + sample * channels, scale,
                            scale + channels, activation.kernel, dy + start, sums, sums + channels)
                    }
                }
            }
            let (lines, dGamma, dBeta) = lines(parts.sum(axes: [1]), moments, gamma)
            let dx = Tensor<Scalar>(shape: upstream.shape) { out in
                withPointers(to: lines) { lines in
                    forEachBlock { _, sample, rows in
                        let (start, scale) = (rows.lowerBound * channels, coefficients + sample * 2 * channels)
                        let slope = lines + sample * 2 * channels
                        Scalar.kernels.column_affine_gradient(
                            rows.count, channels, x + start, scale, scale + channels, activation.kernel, dy + start,
                            slope, slope + channels, upstream.exceedsCaches, out.baseAddress! + start)
                    }
                }
            }
            return [dx, dGamma, dBeta]
        }
    }

    /// dx = γ g / σ + slope x + constant: slope and constant of every channel of every sample, `[samples, 2,
    /// channels]`, and the gradients of γ and β, all from the sums of g and g (x − μ).
    private func lines(
        _ sums: Tensor<Double>, _ moments: Moments, _ gamma: Tensor<Scalar>
    ) -> (lines: Tensor<Scalar>, dGamma: Tensor<Scalar>, dBeta: Tensor<Scalar>) {
        let width = channels / groups
        var (dGamma, dBeta) = ([Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels))
        let lines = Tensor<Scalar>(shape: [count, 2, channels]) { out in
            withPointers(to: sums, gamma) { sums, gamma in
                for (sample, group) in (0..<count * groups).map({ ($0 / groups, $0 % groups * width) }) {
                    let (row, at) = (sample * 2 * channels, sample * channels)
                    let (mean, inverse) = (moments.means[at + group], moments.inverses[at + group])
                    var (sum, product) = (0.0, 0.0)
                    for c in group..<group + width {
                        let (g, projection) = (sums[row + c], sums[row + channels + c] * inverse)
                        dBeta[c] += g
                        dGamma[c] += projection
                        sum += Double(gamma[c]) * g
                        product += Double(gamma[c]) * projection
                    }
                    // dx = (γ g − mean(γ g) − x̂ mean(γ g x̂)) / σ, collected by powers of x.
                    let slope = -inverse * inverse * product / Double(rows * width)
                    let constant = -inverse * sum / Double(rows * width) - slope * mean
                    for c in group..<group + width {
                        out[row + c] = Scalar(slope)
                        out[row + channels + c] = Scalar(constant)
                    }
                }
            }
        }
        return (lines, Tensor(dGamma.map { Scalar($0) }), Tensor(dBeta.map { Scalar($0) }))
    }
}
