import DuctusLinearAlgebra
import Testing

@Suite struct LeastSquaresTests {
    private let families: [Family] = [.normal, .rankDeficient, .condition1e1, .identity, .zero]

    @Test(
        arguments: combinations(rectangles).filter { [.normal, .rankDeficient, .zero, .condition1e1].contains($0.0) })
    func solutionsHaveMinimumNorm(family: Family, size: [Int]) throws {
        try check(Float.self)
        try check(Double.self)

        func check<Scalar: FloatingScalar>(_: Scalar.Type) throws {
            let (m, n, k) = (size[0], size[1], size.min() ?? 0)
            let a = family.matrix(m, n, Scalar.self)
            let b: Tensor<Scalar> = random([m, 2], seed: 9)
            let (x, residuals, rank, s) = try a.leastSquares(b)
            #expect(x.shape == [n, 2])
            #expect(residuals.shape == [2])
            #expect(s.shape == [k])
            // The residual is orthogonal to the range of A: Aᵀ (A x − b) = 0.
            let residual = a.matmul(x) - b
            let bound = limit * Double(max(m, n)) * Double(Scalar.ulpOfOne)
            #expect(
                norm(a.transposed().matmul(residual)) <= bound * norm(a) * (norm(a) * norm(x) + norm(b)))
            #expect(norm(residuals - residual.squared().sum(axes: [0])) <= bound * norm(b) * norm(b))
            let expected = family == .zero ? 0 : family == .rankDeficient ? (k + 1) / 2 : k
            #expect(rank.item() == Int32(expected))
            #expect(try a.matrixRank().item() == rank.item())
            #expect(ratio(try a.singularValues() - s, to: s, max(m, n)) < limit)
            // The pseudoinverse gives the same solution.
            let inverse = try a.pseudoInverse()
            let condition = expected > 0 ? Double(s[0] / s[expected - 1]) : 1
            #expect(norm(inverse.matmul(b) - x) <= bound * condition * condition * max(norm(inverse) * norm(b), 1))
        }
    }

    @Test(arguments: [[1, 1], [5, 3], [3, 5], [40, 40], [90, 20]])
    func pseudoInverseSatisfiesThePenroseConditions(size: [Int]) throws {
        for family in families {
            let a = family.matrix(size[0], size[1], Double.self)
            let p = try a.pseudoInverse()
            let (ap, pa) = (a.matmul(p), p.matmul(a))
            let bound = 1e-10 * (1 + norm(a)) * (1 + norm(p))
            #expect(norm(ap.matmul(a) - a) < bound)
            #expect(norm(pa.matmul(p) - p) < bound)
            #expect(norm(ap - ap.transposed()) < bound)
            #expect(norm(pa - pa.transposed()) < bound)
        }
    }

    @Test func linesAreFitted() throws {
        let a: Tensor<Double> = [[0, 1], [1, 1], [2, 1], [3, 1]]
        let (solution, residuals, rank, _) = try a.leastSquares([-1, 0.2, 0.9, 2.1])
        #expect(norm(solution - [1, -0.95]) < 1e-14)
        #expect(abs(residuals.item() - 0.05) < 1e-14)
        #expect(rank.item() == 2)
    }

    @Test func toleranceDecidesTheRank() throws {
        let a: Tensor<Double> = [[1, 0], [0, 1e-5]]
        #expect(try a.matrixRank().item() == 2)
        #expect(try a.matrixRank(tolerance: 1e-4).item() == 1)
        #expect(try a.leastSquares([1, 1], tolerance: 1e-4).solution == [1, 0])
        #expect(try a.pseudoInverse(tolerance: 1e-4) == [[1, 0], [0, 0]])
    }

    @Test func rankAndSingularValuesNeedNoRightHandSide() throws {
        let a: Tensor<Double> = [[3, 0], [0, 2], [0, 0]]
        let (solution, residuals, rank, s) = try a.leastSquares(.zeros([3, 0]))
        #expect(solution.shape == [2, 0])
        #expect(residuals.shape == [0])
        #expect(rank.item() == 2)
        #expect(norm(s - [3, 2]) < 1e-14)
    }

    @Test func emptyProblemsHaveEmptySolutions() throws {
        #expect(try Tensor<Double>.zeros([0, 3]).leastSquares(.zeros([0, 2])).solution == .zeros([3, 2]))
        #expect(try Tensor<Double>.zeros([3, 0]).leastSquares([1, 2, 3]).residuals.item() == 14)
        #expect(try Tensor<Double>.zeros([0, 3]).matrixRank().item() == 0)
        #expect(try Tensor<Double>.zeros([0, 3]).pseudoInverse().shape == [3, 0])
    }
}
