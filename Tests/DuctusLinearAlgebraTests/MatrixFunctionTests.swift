import DuctusLinearAlgebra
import Testing

@Suite struct MatrixFunctionTests {
    /// Results of SciPy; see Tests/Fixtures/linear_algebra.py.
    private static let goldens: Result<TensorArchive, any Error> = Result {
        let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        return try TensorArchive(contentsOf: "/\(tests)/Fixtures/linear_algebra.safetensors")
    }

    @Test func exponentialsMatchSciPy() throws {
        let archive = try Self.goldens.get()
        let cases = Set(archive.names.map { $0.split(separator: "/")[1] })
        #expect(cases.count == 16)
        for name in cases {
            let a: Tensor<Double> = try archive.tensor("exponential/\(name)/a")
            let expected: Tensor<Double> = try archive.tensor("exponential/\(name)/result")
            let error = norm(try a.matrixExponential() - expected) / norm(expected)
            // A stiff matrix amplifies rounding by its norm.
            #expect(error < 1e-15 * (100 + norm(a) * norm(a)), "\(name): \(error)")
            let single = try Tensor<Float>(a).matrixExponential()
            let difference = norm(Tensor<Double>(single) - expected) / norm(expected)
            #expect(difference < 1e-6 * (10 + norm(a) * norm(a)), "\(name): \(difference)")
        }
    }

    @Test(arguments: [1, 4, 20, 70], [0.01, 1, 6])
    func exponentialsObeyTheirIdentities(n: Int, scale: Double) throws {
        let a: Tensor<Double> = random([n, n]) * (scale / Double(n).squareRoot())
        let (e, inverse) = (try a.matrixExponential(), try (-a).matrixExponential())
        let bound = 1e-13 * Double(n) * norm(e) * norm(inverse)
        #expect(norm(e.matmul(inverse) - ones(n, n)) < bound)
        #expect(norm(try (a * 2).matrixExponential() - e.matmul(e)) < 1e-12 * Double(n) * norm(e) * norm(e))
        // det eᴬ = e^(trace A), and rotations come from skew matrices.
        #expect(abs(e.logDeterminant().logMagnitude.item() - a.trace().item()) < 1e-10 * Double(n) * (1 + scale))
        #expect(orthogonality(try (a - a.transposed()).matrixExponential()) < 1000)
    }

    @Test func powersMatchRepeatedProducts() throws {
        let a: Tensor<Double> = [[1, 1], [1, 0]]
        #expect(try a.matrixPower(10) == [[89, 55], [55, 34]])
        #expect(try a.matrixPower(0) == ones(2, 2))
        #expect(try a.matrixPower(1) == a)
        #expect(norm(try a.matrixPower(-3) - a.matrixPower(3).inverse()) < 1e-14)
        let stack: Tensor<Float> = random([3, 2, 4, 4])
        #expect(try stack.matrixPower(3) == stack.matmul(stack.matmul(stack)))
        #expect(try stack.matrixPower(0).row(2).row(1) == ones(4, 4))
    }

    @Test func norms() throws {
        let a: Tensor<Double> = [[1, -2, 3], [-4, 5, -6]]
        let s = try a.singularValues()
        #expect(abs(try a.matrixNorm().item() - Double(91).squareRoot()) < 1e-14)
        #expect(try a.matrixNorm(.one).item() == 9)
        #expect(try a.matrixNorm(.infinity).item() == 15)
        #expect(try a.matrixNorm(.spectral).item() == s[0])
        #expect(try a.matrixNorm(.smallestSingularValue).item() == s[1])
        #expect(try a.matrixNorm(.nuclear).item() == s[0] + s[1])
        #expect(try Tensor.concatenated([a, a], axis: 0).reshaped(to: [2, 2, 3]).matrixNorm(.one) == [9, 9])
        #expect(try Tensor<Double>.zeros([0, 2]).matrixNorm().item() == 0)
    }

    @Test func conditionNumbers() throws {
        for n in [3, 40] {
            let a = Family.condition1e6.matrix(n, n, Double.self)
            #expect(abs(try a.conditionNumber().item() / 1e6 - 1) < 1e-6)
            // As numpy.linalg.cond(a, -2).
            #expect(abs(try a.conditionNumber(.smallestSingularValue).item() * 1e6 - 1) < 1e-6)
            for norm in [MatrixNorm.frobenius, .one, .infinity, .nuclear] {
                let expected = try a.matrixNorm(norm) * a.inverse().matrixNorm(norm)
                #expect(try a.conditionNumber(norm) == expected)
            }
        }
        let stack: Tensor<Double> = [[[1, 0], [0, 0]], [[2, 0], [0, 1]]]
        let expected = Tensor<Double>([.infinity, 2])
        #expect(try stack.conditionNumber() == expected)
        #expect(try stack.conditionNumber(.one) == expected)
        // 0 / 0 and 0 · ∞, infinite as in NumPy.
        for norm in [MatrixNorm.spectral, .smallestSingularValue, .one] {
            #expect(try Tensor<Double>.zeros([2, 2]).conditionNumber(norm).item() == .infinity)
        }
    }
}
