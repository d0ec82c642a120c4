import CDuctusKernels

/// Normalises every channel over the batch: y = γ (x − μ) / √(σ² + ε) + β (Ioffe and Szegedy 2015).
///
/// Shapes: x `[…, channels]`, scale γ and shift β `[channels]`. Returns the batch's mean and its (biased) variance too.
public func batchNormalization<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, scale: Tensor<Scalar>, shift: Tensor<Scalar>, epsilon: Double = 1e-5
) -> (output: Tensor<Scalar>, mean: [Double], variance: [Double]) {
    let channels = scale.count
    precondition(
        x.rank > 0 && x.shape[x.rank - 1] == channels,
        "batchNormalization: input is \(x.shape); its last axis must be \(channels).")
    precondition(
        scale.shape == [channels] && shift.shape == [channels],
        "batchNormalization: scale is \(scale.shape), shift \(shift.shape); both must be \([channels] as Shape).")
    let rows = x.count / max(channels, 1)
    precondition(rows > 0, "batchNormalization: the batch of shape \(x.shape) is empty.")
    let plain = x.detached().dense()
    let (mean, variance) = plain.columnMoments()
    let inverse = variance.map { 1 / ($0 + epsilon).squareRoot() }
    let gamma = scale.detached()
    let a = zip(gamma.scalars, inverse).map { Double($0) * $1 }
    let b = zip(shift.scalars, zip(a, mean)).map { Double($0) - $1.0 * $1.1 }
    let y = plain.columnAffine(a, b)
    let output = y.recorded(inputs: [x, scale, shift]) { gradient in
        let gradient = gradient.dense()
        let sums = columnTotals(Scalar.self, rows: rows, columns: channels) { range, sums in
            gradient.withUnsafeBuffer {
                Scalar.kernels.column_sums(range.count, channels, $0.baseAddress! + range.lowerBound * channels, sums)
            }
        }
        let means = Tensor<Scalar>(mean.map { Scalar($0) })
        let products = columnTotals(Scalar.self, rows: rows, columns: channels) { range, sums in
            plain.withUnsafeBuffer { x in
                gradient.withUnsafeBuffer { dy in
                    means.withUnsafeBuffer { means in
                        let start = range.lowerBound * channels
                        Scalar.kernels.column_products(
                            range.count, channels, x.baseAddress! + start, means.baseAddress!,
                            dy.baseAddress! + start, sums)
                    }
                }
            }
        }
        let dScale = zip(products, inverse).map { $0 * $1 }
        // dx = a (dy − mean dy − x̂ · mean(dy x̂)), gathered by powers of x.
        let slope = (0..<channels).map { -a[$0] * inverse[$0] * dScale[$0] / Double(rows) }
        let constant = (0..<channels).map { -a[$0] * sums[$0] / Double(rows) - slope[$0] * mean[$0] }
        let dx = plain.columnAffine2(gradient, a, slope, constant)
        return [dx, Tensor(dScale.map { Scalar($0) }), Tensor(sums.map { Scalar($0) })]
    }
    return (output, mean, variance)
}

extension Tensor where Scalar: FloatingScalar {
    /// x · scale + shift along the last axis. Not recorded.
    package func columnAffine(_ scale: [Double], _ shift: [Double]) -> Tensor {
        let columns = scale.count
        let (a, b) = (Tensor(scale.map { Scalar($0) }), Tensor(shift.map { Scalar($0) }))
        return withUnsafeBuffer { x in
            a.withUnsafeBuffer { a in
                b.withUnsafeBuffer { b in
                    Tensor.byRows(shape, columns: columns) { rows, out in
                        Scalar.kernels.column_affine(
                            rows.count, columns, x.baseAddress! + rows.lowerBound * columns, a.baseAddress!,
                            b.baseAddress!, out)
                    }
                }
            }
        }
    }

    /// a · gradient + b · x + c along the last axis.
    fileprivate func columnAffine2(_ gradient: Tensor, _ a: [Double], _ b: [Double], _ c: [Double]) -> Tensor {
        let columns = a.count
        let (a, b, c) = (
            Tensor(a.map { Scalar($0) }), Tensor(b.map { Scalar($0) }), Tensor(c.map { Scalar($0) })
        )
        return Tensor.byRows(shape, columns: columns) { rows, out in
            let start = rows.lowerBound * columns
            withUnsafeBuffer { x in
                gradient.withUnsafeBuffer { dy in
                    a.withUnsafeBuffer { a in
                        b.withUnsafeBuffer { b in
                            c.withUnsafeBuffer { c in
                                Scalar.kernels.column_affine2(
                                    rows.count, columns, dy.baseAddress! + start, a.baseAddress!,
                                    x.baseAddress! + start, b.baseAddress!, c.baseAddress!, out)
                            }
                        }
                    }
                }
            }
        }
    }

    /// Mean and biased variance of every column, in two passes.
    fileprivate func columnMoments() -> (mean: [Double], variance: [Double]) {
        let columns = shape[rank - 1]
        let rows = count / columns
        return withUnsafeBuffer { x in
            let mean = columnTotals(Scalar.self, rows: rows, columns: columns) { range, sums in
                Scalar.kernels.column_sums(range.count, columns, x.baseAddress! + range.lowerBound * columns, sums)
            }.map { $0 / Double(rows) }
            let centre = Tensor(mean.map { Scalar($0) })
            let variance = columnTotals(Scalar.self, rows: rows, columns: columns) { range, sums in
                centre.withUnsafeBuffer {
                    Scalar.kernels.column_squares(
                        range.count, columns, x.baseAddress! + range.lowerBound * columns, $0.baseAddress!, sums)
                }
            }.map { $0 / Double(rows) }
            return (mean, variance)
        }
    }
}
