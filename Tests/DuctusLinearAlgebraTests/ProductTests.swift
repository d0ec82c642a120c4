import DuctusLinearAlgebra
import Testing

@Suite struct ProductTests {
    @Test(arguments: [[3, 4], [3, 4, 5], [10, 2, 30, 1, 7], [1, 8, 1, 8, 1, 8]])
    func multiDotMatchesTheProduct(extents: [Int]) {
        let factors: [Tensor<Double>] = zip(extents, extents.dropFirst()).map { random([$0, $1], seed: UInt64($0)) }
        guard factors.count > 1 else { return }
        let expected = factors.dropFirst().reduce(factors[0]) { $0.matmul($1) }
        #expect(norm(Tensor.multiDot(factors) - expected) < 1e-12 * (1 + norm(expected)))
        let vectors = [factors[0].row(0)] + factors.dropFirst().dropLast() + [factors[factors.count - 1]]
        #expect(norm(Tensor.multiDot(vectors) - expected.row(0)) < 1e-12 * (1 + norm(expected)))
    }

    @Test func multiDotOfVectors() {
        let (row, column): (Tensor<Float>, Tensor<Float>) = ([1, 2], [3, 4])
        #expect(Tensor.multiDot([row, [[1, 0], [0, 2]], column]).item() == 19)
        #expect(Tensor.multiDot([row, column]).shape == [])
    }

    @Test(arguments: [[1, 1], [3, 3], [2, 5], [5, 2], [0, 0], [2, 3, 4, 4], [2, 0, 3]])
    func traceIsTheSumOfTheDiagonal(shape: [Int]) {
        let a: Tensor<Double> = random(Shape(shape))
        let (m, n) = (shape[shape.count - 2], shape[shape.count - 1])
        let values = a.scalars
        let stack = Shape(shape.dropLast(2))
        let expected = (0..<stack.elementCount).map { (matrix: Int) -> Double in
            (0..<min(m, n)).reduce(0) { $0 + values[matrix * m * n + $1 * n + $1] }
        }
        #expect(a.trace().shape == stack)
        #expect(zip(a.trace().scalars, expected).allSatisfy { abs($0 - $1) < 1e-14 })
        #expect(zip(a.transposed().trace().scalars, expected).allSatisfy { abs($0 - $1) < 1e-14 })
    }

    @Test func crossProducts() {
        #expect(Tensor<Double>([1, 0, 0]).cross([0, 1, 0]) == [0, 0, 1])
        let (a, b): (Tensor<Double>, Tensor<Double>) = (random([4, 1, 3]), random([5, 3], seed: 2))
        let c = a.cross(b)
        #expect(c.shape == [4, 5, 3])
        #expect((c * a).sum(axes: [-1]).magnitude().max().item() < 1e-14)
        #expect(norm(b.cross(a) + c) == 0)
    }

    @Test func tensorSolveInvertsTensorDot() throws {
        let a: Tensor<Double> = random([2, 3, 6])
        let b: Tensor<Double> = random([2, 3], seed: 4)
        let x = try a.tensorSolve(b)
        #expect(x.shape == [6])
        #expect(norm(a.matmul(x) - b) < 1e-12)
        let moved = try a.permuted([2, 0, 1]).tensorSolve(b, axes: [0])
        #expect(moved == x)
        let inverse = try a.tensorInverse(indices: 2)
        #expect(inverse.shape == [6, 2, 3])
        #expect(norm(inverse.reshaped(to: [6, 6]).matmul(b.reshaped(to: [6])) - x) < 1e-12)
        let square: Tensor<Double> = random([2, 2, 4], seed: 6).reshaped(to: [2, 2, 2, 2])
        #expect(try square.tensorSolve(random([2, 2])).shape == [2, 2])
    }
}
