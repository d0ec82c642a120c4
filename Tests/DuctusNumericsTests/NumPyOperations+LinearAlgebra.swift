import DuctusLinearAlgebra

extension NumPyCase {
    // MARK: Products

    func product<Scalar: FloatingScalar>(_ type: Scalar.Type) throws -> [AnyTensor]? {
        guard let a = try? input(0, as: type) else { return nil }
        func b() throws -> Tensor<Scalar> { try input(1) }
        let result: Tensor<Scalar>? =
            switch operation {
            case "einsum": try einsum()
            case "matmul": a.matmul(try b())
            case "tensorDot": a.tensorDot(try b(), axes: (try integers("first"), try integers("second")))
            case "outer": a.outer(try b())
            case "kron": a.kron(try b())
            case "cross": a.cross(try b())
            case "multiDot": Tensor.multiDot([a, try b(), try input(2)])
            case "trace": a.trace()
            case "scatteringAdd": a.scatteringAdd(try b(), at: try input(2), axis: 0)
            default: nil
            }
        return try result.map { try [AnyTensor($0)] }
    }

    private func einsum<Scalar: FloatingScalar>() throws -> Tensor<Scalar> {
        let equation = try text("subscripts")
        return switch inputs.count {
        case 1: try DuctusTensors.einsum(equation, input(0, as: Scalar.self))
        case 2: try DuctusTensors.einsum(equation, input(0, as: Scalar.self), input(1))
        default: try DuctusTensors.einsum(equation, input(0, as: Scalar.self), input(1), input(2))
        }
    }

    // MARK: Linear algebra

    func linearAlgebra<Scalar: FloatingScalar>(_ type: Scalar.Type) throws -> [AnyTensor]? {
        guard let a = try? input(0, as: type) else { return nil }
        switch operation {
        case "logDeterminant":
            let (sign, logMagnitude) = a.logDeterminant()
            return try [AnyTensor(sign), AnyTensor(logMagnitude)]
        case "matrixRank": return [.int32(try a.matrixRank())]
        default: return try (one(a) ?? factors(a)).map { try $0.map { try AnyTensor($0) } }
        }
    }

    /// Operations with one result.
    private func one<Scalar: FloatingScalar>(_ a: Tensor<Scalar>) throws -> [Tensor<Scalar>]? {
        switch operation {
        case "solve": [try a.solve(try input(1))]
        case "solveTriangular": [try a.solveTriangular(try input(1), flag("upper") ? .upper : .lower)]
        case "inverse": [try a.inverse()]
        case "determinant": [a.determinant()]
        case "matrixPower": [try a.matrixPower(try integer("power"))]
        case "matrixExponential": [try a.matrixExponential()]
        case "cholesky": [try a.cholesky()]
        case "symmetricEigenvalues": [try a.symmetricEigenvalues()]
        case "eigenvalues": [try a.eigenvalues().real.sorted()]
        case "singularValues": [try a.singularValues()]
        case "conditionNumber": [try a.conditionNumber()]
        case "pseudoInverse": [try a.pseudoInverse()]
        case "leastSquares": [try a.leastSquares(try input(1)).solution]
        case "tensorSolve": [try a.tensorSolve(try input(1))]
        case "tensorInverse": [try a.tensorInverse(indices: 2)]
        case "matrixNorm": [try a.matrixNorm(norm())]
        default: nil
        }
    }

    private func norm() throws -> MatrixNorm {
        switch try text("order") {
        case "frobenius": .frobenius
        case "nuclear": .nuclear
        case "spectral": .spectral
        case "one": .one
        default: .infinity
        }
    }

    /// Factorizations: the unique parts of the factors, and their product.
    private func factors<Scalar: FloatingScalar>(_ a: Tensor<Scalar>) throws -> [Tensor<Scalar>]? {
        switch operation {
        case "symmetricEigen":
            let (values, vectors) = try a.symmetricEigen()
            return [values, (vectors * values.expandingShape(at: -2)).matmul(vectors.transposed())]
        case "svd":
            let (u, s, vt) = try a.svd()
            return [s, (u * s.expandingShape(at: -2)).matmul(vt)]
        case "qr":
            let (q, r) = a.qr()
            return [r.magnitude(), q.matmul(r)]
        case "lu":
            let (permutation, l, u) = a.lu()
            return [l.gathered(at: permutation.argsort(), axis: 0), u]
        case "eigenvalueMoments":
            // Σ λ, Σ λ² and Π λ, which are real.
            let (real, imaginary) = try a.eigenvalues()
            var product: (real: Scalar, imaginary: Scalar) = (1, 0)
            for (x, y) in zip(real.scalars, imaginary.scalars) {
                product = (
                    product.real * x - product.imaginary * y, product.real * y + product.imaginary * x
                )
            }
            return [real.sum(), (real.squared() - imaginary.squared()).sum(), Tensor(product.real)]
        default: return nil
        }
    }
}
