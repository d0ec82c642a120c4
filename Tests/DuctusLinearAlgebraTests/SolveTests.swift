import DuctusLinearAlgebra
import Testing

@Suite struct SolveTests {
    @Test(arguments: combinations(sizes.map { [$0, $0] }).filter { $0.0.isRegular })
    func solveLeavesNoResidual(family: Family, size: [Int]) throws {
        // In Float, a matrix with condition number 1e14 is singular.
        if family != .condition1e14 { try check(Float.self) }
        try check(Double.self)

        func check<Scalar: FloatingScalar>(_: Scalar.Type) throws {
            let n = size[0]
            let a = family.matrix(n, n, Scalar.self)
            let b = a.matmul(random([n, 3], seed: 4))
            let x = try a.solve(b)
            #expect(x.shape == [n, 3])
            #expect(norm(a.matmul(x) - b) / (norm(a) * max(norm(x), 1)) < limit * Double(n) * Double(Scalar.ulpOfOne))
            let column = b.sliced(1..<2, axis: 1).squeezingShape(at: 1)
            let y = try a.solve(column)
            #expect(
                norm(a.matmul(y) - column) / (norm(a) * max(norm(y), 1)) < limit * Double(n) * Double(Scalar.ulpOfOne))
        }
    }

    @Test(arguments: sizes)
    func inversesUndoTheMatrix(n: Int) throws {
        try check(Float.self)
        try check(Double.self)

        func check<Scalar: FloatingScalar>(_: Scalar.Type) throws {
            let a = Family.normal.matrix(n, n, Scalar.self)
            let inverse = try a.inverse()
            let one: Tensor<Scalar> = ones(n, n)
            let bound = limit * Double(n) * Double(Scalar.ulpOfOne) * norm(a) * norm(inverse)
            #expect(norm(a.matmul(inverse) - one) < bound)
            #expect(norm(inverse.matmul(a) - one) < bound)
        }
    }

    @Test(arguments: [1, 2, 5, 64, 130])
    func triangularSolvesReadOneTriangle(n: Int) throws {
        let square: Tensor<Double> = random([n, n]) + ones(n, n) * Double(n)
        let b: Tensor<Double> = random([n, 4], seed: 8)
        var parts: [Triangle: Tensor<Double>] = [.lower: square, .upper: square]
        for i in 0..<n {
            for j in 0..<n where i != j { parts[i < j ? .lower : .upper]?[i, j] = 0 }
        }
        for (triangle, part) in parts {
            // The other triangle may contain anything.
            var spoiled = square
            for i in 0..<n { for j in 0..<n where i != j && (i < j) == (triangle == .lower) { spoiled[i, j] = .nan } }
            for transposed in [false, true] {
                let x = try spoiled.solveTriangular(b, triangle, transposed: transposed)
                #expect(ratio((transposed ? part.transposed() : part).matmul(x) - b, to: b, n) < limit)
                let view = try spoiled.transposed().solveTriangular(
                    b, triangle == .lower ? .upper : .lower, transposed: !transposed)
                #expect(ratio(view - x, to: x, n) < limit)
            }
            let unit = part - part * ones(n, n) + ones(n, n)
            let x = try (unit / Double(n) + ones(n, n) * .nan).solveTriangular(b, triangle, unitDiagonal: true)
            #expect(ratio((unit / Double(n) + ones(n, n) * (1 - 1 / Double(n))).matmul(x) - b, to: b, n) < limit * 10)
        }
    }

    @Test func leadingAxesBroadcast() throws {
        let a: Tensor<Double> = random([2, 1, 4, 4])
        let b: Tensor<Double> = random([3, 4, 2], seed: 5)
        let x = try a.solve(b)
        #expect(x.shape == [2, 3, 4, 2])
        #expect(norm(a.matmul(x) - b.broadcast(to: [2, 3, 4, 2])) < 1e-12)
        for i in 0..<2 {
            for j in 0..<3 { #expect(try x.row(i).row(j) == a.row(i).row(0).solve(b.row(j))) }
        }
        #expect(try a.solve(Tensor<Double>([1, 2, 3, 4])).shape == [2, 1, 4])
        #expect(try a.row(0).row(0).solve(b).shape == [3, 4, 2])
    }

    @Test func tinyMatricesAreNotSingular() throws {
        let tiny = Double.leastNormalMagnitude / 64
        let a = Tensor<Double>([4, 1, 0, 2], shape: [2, 2]) * tiny
        let b = Tensor<Double>([3, 2]) * tiny
        #expect(norm(try a.solve(b) - [0.5, 1]) < 1e-12)
        #expect(norm(try a.solveTriangular(b, .upper) - [0.5, 1]) < 1e-12)
        #expect(norm(a.lu().u - a) == 0)
        #expect(
            abs(a.logDeterminant().logMagnitude.item() - Tensor(8.0).log().item() - 2 * Tensor(tiny).log().item())
                < 1e-9)
    }

    @Test func emptySystemsHaveEmptySolutions() throws {
        #expect(try Tensor<Float>.zeros([0, 0]).solve(Tensor([], shape: [0])).shape == [0])
        #expect(try Tensor<Float>.zeros([0, 0]).solve(.zeros([0, 3])).shape == [0, 3])
        #expect(try Tensor<Float>.zeros([0, 0]).inverse().shape == [0, 0])
        #expect(try Tensor<Float>.ones([1, 1]).solve(.zeros([1, 0])).shape == [1, 0])
        #expect(try Tensor<Float>.zeros([0, 2, 2]).solve(.zeros([0, 2, 1])).shape == [0, 2, 1])
    }
}
