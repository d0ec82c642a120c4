import DuctusLinearAlgebra
import Testing

/// Residuals as LAPACK's own tests measure them: ‖A − product‖ / (n ‖A‖ ε) stays below 30.
@Suite struct DecompositionTests {
    private func random(_ shape: Shape, seed: UInt64 = 3) -> Tensor<Double> {
        var stream = RandomStream(seed: seed)
        return .normal(shape, using: &stream)
    }

    private func norm(_ a: Tensor<Double>) -> Double { a.squared().sum().item().squareRoot() }

    private func ratio(_ residual: Tensor<Double>, to a: Tensor<Double>, _ n: Int) -> Double {
        norm(residual) / (Double(max(n, 1)) * max(norm(a), .leastNormalMagnitude) * Double.ulpOfOne)
    }

    private func identity(_ n: Int) -> Tensor<Double> {
        Tensor((0..<n * n).map { $0 % (n + 1) == 0 ? 1 : 0 }, shape: [n, n])
    }

    @Test(arguments: [1, 2, 5, 17, 64])
    func solveLeavesNoResidual(n: Int) throws {
        let (a, b) = (random([n, n]), random([n, 3], seed: 4))
        let x = try a.solve(b)
        #expect(ratio(a.matmul(x) - b, to: a, n) / max(norm(x), 1) < 30)
        let column = b.sliced(0..<1, axis: 1).squeezingShape(at: 1)
        #expect(norm(try a.solve(column) - x.sliced(0..<1, axis: 1).squeezingShape(at: 1)) < 1e-9 * max(norm(x), 1))
    }

    @Test func solveOfFloats() throws {
        let a: Tensor<Float> = [[2, 1], [1, 3]]
        #expect(try a.solve([3, 5]).scalars.elementsEqual([0.8, 1.4]) { abs($0 - $1) < 1e-6 })
    }

    @Test func singularMatricesAreRefused() {
        #expect(throws: LinearAlgebraError.singular(pivot: 2)) {
            try Tensor<Double>([[1, 2], [2, 4]]).solve([1, 1])
        }
        #expect(throws: LinearAlgebraError.notPositiveDefinite(order: 2)) {
            try Tensor<Double>([[1, 2], [2, 1]]).cholesky()
        }
    }

    @Test(arguments: [1, 3, 20, 65])
    func choleskyRebuilds(n: Int) throws {
        let b = random([n, n])
        let a = b.matmul(b.transposed()) + identity(n)
        let l = try a.cholesky()
        #expect(ratio(l.matmul(l.transposed()) - a, to: a, n) < 30)
        #expect(n < 2 || l[0, 1] == 0)
    }

    @Test(arguments: [[1, 1], [4, 4], [9, 5], [5, 9], [80, 33]])
    func qrRebuilds(size: [Int]) {
        let a = random(Shape(size))
        let (q, r) = a.qr()
        let k = size.min() ?? 0
        #expect(ratio(q.matmul(r) - a, to: a, size[0]) < 30)
        #expect(ratio(q.transposed().matmul(q) - identity(k), to: identity(k), k) < 30)
    }

    @Test(arguments: [[1, 1], [4, 4], [9, 5], [5, 9], [70, 33]])
    func svdRebuilds(size: [Int]) throws {
        let a = random(Shape(size))
        let (u, s, vt) = try a.svd()
        let k = size.min() ?? 0
        #expect(ratio((u * s).matmul(vt) - a, to: a, size[0]) < 30)
        #expect(ratio(u.transposed().matmul(u) - identity(k), to: identity(k), k) < 30)
        #expect(s.scalars == s.scalars.sorted(by: >))
    }

    @Test(arguments: [1, 2, 30])
    func eigenvectorsDiagonalise(n: Int) throws {
        let b = random([n, n])
        let a = b + b.transposed()
        let (values, vectors) = try a.symmetricEigen()
        #expect(ratio(a.matmul(vectors) - vectors * values, to: a, n) < 30)
        #expect(values.scalars == values.scalars.sorted())
    }
}
