/// A matrix norm.
public enum MatrixNorm: Sendable {
    /// √Σ aᵢⱼ².
    case frobenius
    /// The sum of the singular values.
    case nuclear
    /// The largest singular value: NumPy's 2.
    case spectral
    /// The smallest singular value, which is not a norm: NumPy's −2.
    case smallestSingularValue
    /// The largest absolute column sum: NumPy's 1.
    case one
    /// The largest absolute row sum: NumPy's ∞.
    case infinity
}

extension Tensor where Scalar: FloatingScalar {
    /// The norm of every matrix.
    ///
    /// Shapes: A `[…, m, n]` → `[…]`.
    ///
    /// ```swift
    /// let a: Tensor<Double> = [[3, 0], [0, -4]]
    /// print(try a.matrixNorm(), try a.matrixNorm(.spectral), try a.matrixNorm(.nuclear))   // 5.0 4.0 7.0
    /// ```
    /// - Throws: `LinearAlgebraError.noConvergence` or `.notFinite`, for norms based on singular values.
    public func matrixNorm(_ norm: MatrixNorm = .frobenius) throws(LinearAlgebraError) -> Tensor {
        checkIsMatrix("matrixNorm")
        precondition(
            norm == .frobenius || norm == .nuclear || count > 0,
            "The \(norm) norm of no elements (shape \(shape)) is undefined.")
        return switch norm {
        case .frobenius: squared().sum(axes: [-2, -1]).squareRoot()
        case .nuclear: try singularValues().sum(axes: [-1])
        case .spectral: try singularValues().max(axes: [-1])
        case .smallestSingularValue: try singularValues().min(axes: [-1])
        case .one: magnitude().sum(axes: [-2]).max(axes: [-1])
        case .infinity: magnitude().sum(axes: [-1]).max(axes: [-1])
        }
    }

    /// The condition number ‖A‖ ‖A⁻¹‖, by which solving with A can amplify relative errors; infinite if A is singular.
    ///
    /// Shapes: A `[…, n, n]` → `[…]`; for the spectral norm (the default) also `[…, m, n]`.
    ///
    /// ```swift
    /// try Tensor<Double>([[10, 0], [0, 2]]).conditionNumber()   // 5.0
    /// ```
    /// - Throws: `LinearAlgebraError.noConvergence`, `.notFinite`.
    public func conditionNumber(_ norm: MatrixNorm = .spectral) throws(LinearAlgebraError) -> Tensor {
        if norm == .spectral || norm == .smallestSingularValue {
            let s = try singularValues()
            let (largest, smallest) = (s.max(axes: [-1]), s.min(axes: [-1]))
            let number = norm == .spectral ? largest / smallest : smallest / largest
            return number.replacing(with: .infinity, where: number.isNaN())
        }
        checkIsSquare("conditionNumber")
        let norms = try matrixNorm(norm)
        let inverses = try eachMatrix { (a) throws(LinearAlgebraError) in
            do throws(LinearAlgebraError) {
                return try a.inverse().matrixNorm(norm)
            } catch .singular {
                return Tensor(.infinity)
            }
        }
        let number = norms * inverses
        return number.replacing(with: .infinity, where: number.isNaN())
    }

    /// The stacked results of `body` for every matrix. Throws the first error, with the index of the matrix in the
    /// batch.
    func eachMatrix(
        _ body: (Tensor) throws(LinearAlgebraError) -> Tensor
    ) throws(LinearAlgebraError) -> Tensor {
        if rank == 2 { return try body(self) }
        let matrices = reshaped(to: Shape([batch.elementCount] + shape.suffix(2)))
        let results = parallelMap(matrices.shape[0]) { index in
            Result { () throws(LinearAlgebraError) in try body(matrices.row(index)) }
        }
        var parts: [Tensor] = []
        for (index, result) in results.enumerated() {
            do { parts.append(try result.get().expandingShape(at: 0)) } catch {
                throw error.inBatch(batch.position(of: index))
            }
        }
        guard let first = parts.first else { return Tensor(shape: batch) { _ in } }
        return Tensor.concatenated(parts, axis: 0).reshaped(to: Shape(Array(batch) + first.shape.dropFirst()))
    }
}
