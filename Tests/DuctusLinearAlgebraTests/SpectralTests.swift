import DuctusLinearAlgebra
import Testing

@Suite struct SpectralTests {
    @Test(arguments: combinations(rectangles))
    func svdReconstructsTheMatrix(family: Family, size: [Int]) throws {
        try check(Float.self)
        try check(Double.self)

        func check<Scalar: FloatingScalar>(_: Scalar.Type) throws {
            let (m, n, k) = (size[0], size[1], size.min() ?? 0)
            let a = family.matrix(m, n, Scalar.self)
            let (u, s, vt) = try a.svd()
            #expect(u.shape == [m, k])
            #expect(s.shape == [k])
            #expect(vt.shape == [k, n])
            #expect(ratio((u * s).matmul(vt) - a, to: a, max(m, n)) < limit)
            #expect(orthogonality(u) < limit)
            #expect(orthogonality(vt.transposed()) < limit)
            #expect(s.scalars == s.scalars.sorted(by: >))
            #expect(s.scalars.allSatisfy { $0 >= 0 })
            let alone = try a.singularValues()
            #expect(ratio(alone - s, to: s, max(m, n)) < limit)
            guard family == .normal || max(m, n) < 100 else { return }
            let full = try a.svd(full: true)
            #expect(full.u.shape == [m, m])
            #expect(full.vt.shape == [n, n])
            #expect(orthogonality(full.u) < limit)
            #expect(orthogonality(full.vt.transposed()) < limit)
            let product = (full.u.sliced(0..<k, axis: 1) * full.s).matmul(full.vt.sliced(0..<k, axis: 0))
            #expect(ratio(product - a, to: a, max(m, n)) < limit)
        }
    }

    @Test(arguments: combinations(sizes.map { [$0, $0] }))
    func symmetricEigenvectorsDiagonalize(family: Family, size: [Int]) throws {
        try check(Float.self)
        try check(Double.self)

        func check<Scalar: FloatingScalar>(_: Scalar.Type) throws {
            let n = size[0]
            let half = family.matrix(n, n, Scalar.self) * 0.5
            let a = half + half.transposed()
            let (values, vectors) = try a.symmetricEigen()
            #expect(ratio(a.matmul(vectors) - vectors * values, to: a, n) < limit)
            #expect(orthogonality(vectors) < limit)
            #expect(values.scalars == values.scalars.sorted())
            #expect(ratio(try a.symmetricEigenvalues() - values, to: values, n) < limit)
        }
    }

    @Test(arguments: combinations(sizes.filter { $0 <= 200 }.map { [$0, $0] }))
    func eigenvectorsSatisfyTheirEquation(family: Family, size: [Int]) throws {
        try check(Float.self)
        try check(Double.self)

        func check<Scalar: FloatingScalar>(_: Scalar.Type) throws {
            let n = size[0]
            let a = family.matrix(n, n, Scalar.self)
            let (values, vectors) = try a.eigen()
            // A (x + iy) = (λ + iμ)(x + iy)
            let real = vectors.real * values.real - vectors.imaginary * values.imaginary
            let imaginary = vectors.real * values.imaginary + vectors.imaginary * values.real
            #expect(ratio(a.matmul(vectors.real) - real, to: a, n) < limit)
            #expect(ratio(a.matmul(vectors.imaginary) - imaginary, to: a, n) < limit)
            let lengths = (vectors.real.squared() + vectors.imaginary.squared()).sum(axes: [0])
            #expect(lengths.scalars.allSatisfy { abs($0 - 1) < Scalar(n + 10) * Scalar.ulpOfOne })
            let trace = a.trace()
            #expect(ratio(values.real.sum() - trace, to: a, n) < limit)
            #expect(abs(values.imaginary.sum().item()) <= Scalar(norm(a)) * Scalar.ulpOfOne * Scalar(n))
        }
    }

    @Test func knownEigenvaluesAreFound() throws {
        let rotation = try Tensor<Double>([[0, -1], [1, 0]]).eigen()
        #expect(rotation.values.real == [0, 0])
        #expect(rotation.values.imaginary == [1, -1])
        let (values, vectors) = try Tensor<Double>([[2, 1], [1, 2]]).symmetricEigen()
        #expect(norm(values - [1, 3]) < 1e-15)
        #expect(norm(vectors.magnitude() - Tensor(repeating: Double(0.5).squareRoot(), shape: [2, 2])) < 1e-15)
        #expect(try Tensor<Float>([[3, 0], [0, 4]]).singularValues() == [4, 3])
        // Wilkinson's matrix, whose largest two eigenvalues agree to 14 digits.
        let w: Tensor<Double> = Tensor(
            (0..<21 * 21).map {
                let (i, j) = $0.quotientAndRemainder(dividingBy: 21)
                return i == j ? Double(abs(i - 10)) : abs(i - j) == 1 ? 1 : 0
            }, shape: [21, 21])
        let pair = try w.symmetricEigenvalues().scalars.suffix(2)
        #expect(pair.allSatisfy { abs($0 - 10.746194182903393) < 1e-13 })
    }

    /// Large enough to be divided; with nearly equal eigenvalues, decoupled halves and coinciding poles.
    @Test(
        arguments: ["laplacian", "wilkinson", "glued", "diagonal", "constant", "negative", "random"],
        [129, 130, 300, 601])
    func tridiagonalMatricesAreSolved(kind: String, n: Int) throws {
        try check(Float.self)
        try check(Double.self)

        func check<Scalar: FloatingScalar>(_: Scalar.Type) throws {
            var stream = RandomStream(seed: UInt64(n))
            var a: Tensor<Scalar> = .zeros([n, n])
            for i in 0..<n {
                let (diagonal, next): (Double, Double) =
                    switch kind {
                    case "laplacian": (2, -1)
                    case "wilkinson": (Double(abs(i - n / 2)), 1)
                    case "glued": (Double(abs(i % 21 - 10)), i % 21 == 20 ? 1e-8 : 1)
                    case "diagonal": (Double(i % 7), 0)
                    case "constant": (1, 1e-20)
                    case "negative": (stream.uniform(), -stream.uniform())
                    default: (stream.uniform() - 0.5, stream.uniform() - 0.5)
                    }
                a[i, i] = Scalar(diagonal)
                if i + 1 < n { (a[i, i + 1], a[i + 1, i]) = (Scalar(next), Scalar(next)) }
            }
            let (values, vectors) = try a.symmetricEigen()
            #expect(ratio(a.matmul(vectors) - vectors * values, to: a, n) < limit)
            #expect(orthogonality(vectors) < limit)
            #expect(values.scalars == values.scalars.sorted())
            #expect(ratio(try a.symmetricEigenvalues() - values, to: values, n) < limit)
        }
    }

    @Test func emptyMatricesHaveEmptyResults() throws {
        let svd = try Tensor<Float>.zeros([3, 0]).svd(full: true)
        #expect(svd.u == ones(3, 3))
        #expect(svd.s.count == 0)
        #expect(svd.vt.shape == [0, 0])
        #expect(try Tensor<Float>.zeros([0, 3]).svd().u.shape == [0, 0])
        #expect(try Tensor<Float>.zeros([0, 0]).symmetricEigen().vectors.shape == [0, 0])
        #expect(try Tensor<Float>.zeros([0, 0]).eigen().values.real.shape == [0])
        #expect(Tensor<Float>.zeros([0, 3]).qr().r.shape == [0, 3])
        #expect(Tensor<Float>.zeros([3, 0]).qr(mode: .complete).q == ones(3, 3))
        #expect(try Tensor<Float>.zeros([5, 0, 3, 3]).symmetricEigen().values.shape == [5, 0, 3])
    }

    /// The workspaces of a BLAS hold what was there before: here, numbers of double precision, of whose halves one in 256 is
    /// NaN in single precision.
    @Test(arguments: [2, 3, 7, 34]) func whatWorkspacesHeldDoesNotMatter(n: Int) throws {
        let a = Tensor<Float>.sample([n, n])
        let expected = try a.symmetricEigenvalues()
        for seed in 0..<400 {
            _ = try Tensor<Double>.sample([50, 50], seed: UInt64(seed)).exp().symmetricEigenvalues()
            #expect(try a.symmetricEigenvalues() == expected)
        }
    }
}
