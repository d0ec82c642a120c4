import DuctusLinearAlgebra
import Testing

@Suite struct FactorizationTests {
    @Test(arguments: combinations(rectangles))
    func qrReconstructsTheMatrix(family: Family, size: [Int]) {
        check(Float.self)
        check(Double.self)

        func check<Scalar: FloatingScalar>(_: Scalar.Type) {
            let a = family.matrix(size[0], size[1], Scalar.self)
            for mode in [QRMode.reduced, .complete] {
                let (q, r) = a.qr(mode: mode)
                let k = mode == .complete ? size[0] : size.min() ?? 0
                #expect(q.shape == [size[0], k])
                #expect(r.shape == [k, size[1]])
                #expect(ratio(q.matmul(r) - a, to: a, size[0]) < limit)
                #expect(orthogonality(q) < limit)
                #expect(isTriangle(r, .upper))
            }
        }
    }

    @Test(arguments: combinations(rectangles))
    func luReconstructsTheMatrix(family: Family, size: [Int]) {
        check(Float.self)
        check(Double.self)

        func check<Scalar: FloatingScalar>(_: Scalar.Type) {
            let a = family.matrix(size[0], size[1], Scalar.self)
            let (permutation, l, u) = a.lu()
            let rows = permutation.scalars.map { a.row(Int($0)).expandingShape(at: 0) }
            #expect(permutation.scalars.sorted() == (0..<Int32(size[0])).map { $0 })
            #expect(ratio(l.matmul(u) - Tensor.concatenated(rows, axis: 0), to: a, size[0]) < limit)
            #expect(isTriangle(l, .lower))
            #expect(isTriangle(u, .upper))
            #expect(l.magnitude().max().item() == 1)
            #expect((0..<l.shape[1]).allSatisfy { l[$0, $0] == 1 })
        }
    }

    @Test(arguments: sizes)
    func choleskyReconstructsTheMatrix(n: Int) throws {
        try check(Float.self)
        try check(Double.self)

        func check<Scalar: FloatingScalar>(_: Scalar.Type) throws {
            for family in [Family.normal, .condition1e6, .identity, .graded] {
                let b = family.matrix(n, n, Scalar.self)
                let product = b.matmul(b.transposed())
                let a = product + ones(n, n) * (product.magnitude().max().item() * Scalar.ulpOfOne * Scalar(8 * n))
                // Elements above the diagonal are not read.
                let (_, _, upper) = a.lu()
                let l = try (a + (upper - upper * ones(n, n)) * 0).cholesky()
                #expect(ratio(l.matmul(l.transposed()) - a, to: a, n) < limit)
                #expect(isTriangle(l, .lower))
            }
        }
    }

    @Test(arguments: sizes)
    func choleskyReadsOnlyTheLowerTriangle(n: Int) throws {
        let b: Tensor<Double> = random([n, n])
        let a = b.matmul(b.transposed()) + ones(n, n)
        var spoiled = a
        for i in 0..<n { for j in i + 1..<max(n, i + 1) { spoiled[i, j] = .nan } }
        #expect(try spoiled.cholesky() == a.cholesky())
        #expect(try spoiled.symmetricEigenvalues() == a.symmetricEigenvalues())
    }

    @Test(arguments: [3, 64, 190, 300])
    func determinantsMatchTheSingularValues(n: Int) throws {
        let a: Tensor<Double> = random([n, n]) / Double(n).squareRoot()
        let (sign, logMagnitude) = a.logDeterminant()
        let product = try a.svd().s.log().sum().item()
        #expect(abs(logMagnitude.item() - product) < 1e-9 * Double(n))
        #expect(
            abs(a.determinant().item() - sign.item() * logMagnitude.exp().item()) < 1e-9 * logMagnitude.exp().item())
        // Exchanging two rows flips the sign.
        let rows = [1, 0] + Array(2..<n)
        let exchanged = Tensor.concatenated(rows.map { a.row($0).expandingShape(at: 0) }, axis: 0)
        #expect(exchanged.logDeterminant().sign == -sign)
    }

    @Test func determinantsOfSmallMatrices() {
        #expect(Tensor<Double>([[1, 2], [3, 4]]).determinant().item() == -2)
        #expect(Tensor<Float>([[0, 1], [1, 0]]).determinant().item() == -1)
        #expect(Tensor<Double>([[1, 2], [2, 4]]).determinant().item() == 0)
        let (sign, logMagnitude) = Tensor<Double>([[[1, 2], [2, 4]], [[0, 2], [1, 0]]]).logDeterminant()
        #expect(sign == [0, -1])
        #expect(logMagnitude[0] == -.infinity)
        #expect(abs(logMagnitude[1] - 0.6931471805599453) < 1e-15)
        #expect(Tensor<Double>.zeros([0, 0]).determinant().item() == 1)
        #expect((Tensor<Double>([[1, 2], [3, 4]]) * .nan).determinant().item().isNaN)
    }

    private func isTriangle<Scalar: FloatingScalar>(_ a: Tensor<Scalar>, _ triangle: Triangle) -> Bool {
        let (n, values) = (a.shape[1], a.scalars)
        return values.indices.allSatisfy { index in
            let (i, j) = index.quotientAndRemainder(dividingBy: n)
            return values[index] == 0 || (triangle == .lower ? j <= i : i <= j)
        }
    }
}
