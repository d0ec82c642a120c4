import DuctusLinearAlgebra
import DuctusTestSupport
import Testing

/// Every decomposition as a function that returns a list of tensors.
private func decompositions<Scalar: FloatingScalar>(
    _: Scalar.Type
) -> [(String, (Tensor<Scalar>) throws -> [Tensor<Scalar>])] {
    [
        ("solve", { [try $0.solve(random([$0.shape[$0.rank - 1], 5]))] }),
        ("inverse", { [try $0.inverse()] }),
        ("determinant", { [$0.determinant(), $0.logDeterminant().sign, $0.logDeterminant().logMagnitude] }),
        ("lu", { [$0.lu().l, $0.lu().u] }),
        ("qr", { [$0.qr().q, $0.qr().r] }),
        ("svd", { [try $0.svd().u, try $0.svd().s, try $0.svd().vt] }),
        ("svd full", { [try $0.svd(full: true).u, try $0.svd(full: true).vt] }),
        ("singularValues", { [try $0.singularValues()] }),
        ("symmetricEigen", { [try $0.symmetricEigen().values, try $0.symmetricEigen().vectors] }),
        (
            "eigen",
            { [try $0.eigen().values.imaginary, try $0.eigen().vectors.real, try $0.eigen().vectors.imaginary] }
        ),
        (
            "cholesky",
            {
                // Of a copy, since products of views may be rounded otherwise.
                let copy = Tensor<Scalar>($0.scalars, shape: $0.shape)
                return [try copy.matmul(copy.transposed()).cholesky()]
            }
        ),
        (
            "leastSquares",
            {
                let b: Tensor<Scalar> = Tensor.ones(Shape($0.shape.dropLast() + [2]))
                return [try $0.leastSquares(b).solution, try $0.leastSquares(b).residuals]
            }
        ),
        ("pseudoInverse", { [try $0.pseudoInverse()] }),
        ("matrixExponential", { [try ($0 / 10).matrixExponential()] }),
        ("norms", { [try $0.matrixNorm(.nuclear), try $0.conditionNumber(.one)] }),
    ]
}

@Suite(.serialized) struct BatchTests {
    @Test(arguments: [1, 3, 7, 40, 70])
    func batchesMatchTheirMatrices(n: Int) throws {
        try check(Float.self)
        try check(Double.self)

        func check<Scalar: FloatingScalar>(_: Scalar.Type) throws {
            let a: Tensor<Scalar> = random([2, 3, n, n])
            for (name, decompose) in decompositions(Scalar.self) {
                let whole = try decompose(a)
                for i in 0..<2 {
                    for j in 0..<3 {
                        let single = try decompose(a.row(i).row(j))
                        for (part, alone) in zip(whole, single) { #expect(part.row(i).row(j) == alone, "\(name)") }
                    }
                }
            }
        }
    }

    @Test(arguments: [[5, 5], [33, 33], [70, 70]])
    func viewsMatchTheirCopies(size: [Int]) throws {
        let n = size[0]
        let large: Tensor<Double> = random([2, n + 3, n + 5])
        let views = [
            large.row(0).sliced(1..<n + 1, axis: 0).sliced(2..<n + 2, axis: 1),
            large.row(1).sliced(1..<n + 1, axis: 0).sliced(2..<n + 2, axis: 1).transposed(),
            large.permuted([1, 2, 0]).sliced(0..<n, axis: 0).sliced(0..<n, axis: 1).permuted([2, 1, 0]),
            Tensor(2.5).broadcast(to: [n, n]) + ones(n, n),
        ]
        for view in views {
            let copy = Tensor(view.scalars, shape: view.shape)
            for (name, decompose) in decompositions(Double.self) {
                for (a, b) in zip(try decompose(view), try decompose(copy)) { #expect(a == b, "\(name)") }
            }
            #expect(view.scalars == copy.scalars)
        }
    }

    @Test(arguments: [64, 200, 300])
    func resultsDoNotDependOnThreads(n: Int) throws {
        let a: Tensor<Double> = random([n, n])
        let tall: Tensor<Double> = random([2 * n, n])
        for (name, decompose) in decompositions(Double.self) {
            let results = try [1, 2, 3, 8].map { count in try onThreads(count) { try decompose(a) } }
            for result in results { #expect(result == results[0], "\(name)") }
        }
        let results = try [1, 4].map { count in
            try onThreads(count) {
                [tall.qr(mode: .complete).q, try tall.svd().u, try tall.transposed().svd().vt, tall.lu().l]
            }
        }
        #expect(results[0] == results[1])
    }

    @Test func inputsAreNotModified() throws {
        let a: Tensor<Double> = random([2, 6, 6])
        let copy = Tensor(a.scalars, shape: a.shape)
        for (_, decompose) in decompositions(Double.self) { _ = try decompose(a) }
        #expect(a == copy)
        var (values, vectors) = try copy.row(0).symmetricEigen()
        let untouched = (Tensor(values.scalars), Tensor(vectors.scalars, shape: vectors.shape))
        let (otherValues, otherVectors) = (values, vectors)
        values[0] = 7
        vectors[0, 0] = 7
        #expect(otherValues == untouched.0)
        #expect(otherVectors == untouched.1)
    }
}
