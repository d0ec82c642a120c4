import DuctusLinearAlgebra
import Testing

@Suite struct ErrorTests {
    @Test(arguments: [2, 5, 64, 200, 300])
    func singularMatricesThrow(n: Int) throws {
        var a: Tensor<Double> = ones(n, n)
        a[n - 1, n - 1] = 0
        #expect(throws: LinearAlgebraError.singular(pivot: n)) { try a.solve(.ones([n])) }
        #expect(throws: LinearAlgebraError.singular(pivot: n)) { try a.inverse() }
        #expect(throws: LinearAlgebraError.singular(pivot: n)) { try a.matrixPower(-1) }
        #expect(throws: LinearAlgebraError.singular(pivot: n)) { try a.solveTriangular(.ones([n]), .upper) }
        #expect(try a.solveTriangular(.ones([n]), .upper, unitDiagonal: true) == .ones([n]))
        #expect(throws: LinearAlgebraError.singular(pivot: 1)) { try Tensor<Float>.zeros([n, n]).solve(.ones([n])) }
        #expect(throws: LinearAlgebraError.notPositiveDefinite(order: n)) { try a.cholesky() }
        #expect(throws: LinearAlgebraError.notPositiveDefinite(order: 1)) { try (-a).cholesky() }
    }

    @Test func errorsNameTheMatrixOfTheBatch() throws {
        let good: Tensor<Double> = ones(2, 2)
        let bad: Tensor<Double> = [[1, 2], [2, 4]]
        let worse = Tensor<Double>([1, .nan, .infinity, 1], shape: [2, 2])
        func stack(_ last: Tensor<Double>) -> Tensor<Double> {
            Tensor.concatenated([good, good, good, good, good, last], axis: 0).reshaped(to: [2, 3, 2, 2])
        }
        let place = [1, 2]
        #expect(throws: LinearAlgebraError.singular(pivot: 2, matrix: place)) { try stack(bad).solve(good) }
        #expect(throws: LinearAlgebraError.singular(pivot: 2, matrix: place)) { try stack(bad).inverse() }
        #expect(throws: LinearAlgebraError.notPositiveDefinite(order: 1, matrix: place)) { try stack(-good).cholesky() }
        #expect(throws: LinearAlgebraError.singular(pivot: 2)) { try bad.solve(stack(good)) }
        let refused: [(Tensor<Double>) throws -> Void] = [
            { _ = try $0.solve(good) }, { _ = try $0.inverse() }, { _ = try $0.cholesky() }, { _ = try $0.svd() },
            { _ = try $0.singularValues() }, { _ = try $0.symmetricEigen() }, { _ = try $0.symmetricEigenvalues() },
            { _ = try $0.eigen() }, { _ = try $0.eigenvalues() }, { _ = try $0.pseudoInverse() },
            { _ = try $0.matrixRank() }, { _ = try $0.conditionNumber() }, { _ = try $0.conditionNumber(.one) },
            { _ = try $0.matrixExponential() }, { _ = try $0.matrixNorm(.nuclear) }, { _ = try $0.matrixPower(-2) },
            { _ = try $0.leastSquares(Tensor.ones($0.shape)) },
        ]
        for refusal in refused {
            #expect(throws: LinearAlgebraError.notFinite(matrix: place)) { try refusal(stack(worse)) }
            #expect(throws: LinearAlgebraError.notFinite()) { try refusal(worse) }
        }
        #expect(throws: LinearAlgebraError.notFinite()) { try good.leastSquares(Tensor([1, .nan])) }
    }

    /// Finite matrices whose sum overflows.
    @Test func largeElementsCountAsFinite() throws {
        let a: Tensor<Double> = [[1e308, 1e308], [1e308, -1e308]]
        #expect(abs(try a.singularValues()[0] / 1e308 - Double(2).squareRoot()) < 1e-15)
        let triangle: Tensor<Double> = [[1e308, 9e307], [0, 1e308]]
        #expect(norm(try triangle.solve([1e308, 1e308]) - [0.1, 1]) < 1e-15)
        #expect(norm(try a.eigenvalues().real / 1e308 - [1.4142135623730951, -1.4142135623730951]) < 1e-14)
    }

    /// No scale makes such a matrix small.
    @Test func exponentialsNeedAFiniteNorm() throws {
        let single: Tensor<Float> = [[3e38, 0], [3e38, 0]]
        #expect(throws: LinearAlgebraError.notFinite()) { try single.matrixExponential() }
        let stack: Tensor<Double> = [[[0, 0], [0, 0]], [[1e308, 0], [1e308, 0]]]
        #expect(throws: LinearAlgebraError.notFinite(matrix: [1])) { try stack.matrixExponential() }
    }

    @Test func nanPropagatesWhereNothingThrows() {
        let a = Tensor<Double>([1, .nan, 2, 3], shape: [2, 2])
        #expect(a.qr().r[1, 1].isNaN)
        #expect(a.determinant().item().isNaN)
        #expect(a.lu().u[1, 1].isNaN)
        #expect(!a.trace().item().isNaN)
        #expect(a.logDeterminant().logMagnitude.item().isNaN)
    }

    @Test(arguments: [1, 3, 64, 300]) func rowsOfNaNArePermuted(n: Int) {
        let (permutation, _, u) = Tensor<Double>(repeating: .nan, shape: [n, n]).lu()
        #expect(permutation.scalars.sorted() == Array(0..<Int32(n)))
        #expect(u[0, 0].item().isNaN)
    }

    @Test func errorDescriptionsAreSentences() {
        #expect("\(LinearAlgebraError.singular(pivot: 3))" == "The matrix is singular at pivot 3.")
        #expect(
            "\(LinearAlgebraError.notPositiveDefinite(order: 2, matrix: [1, 0]))"
                == "Matrix [1, 0] of the batch is not positive definite: its leading minor of order 2 is not positive.")
        #expect(
            "\(LinearAlgebraError.noConvergence(matrix: [4]))"
                == "The iteration did not converge for matrix [4] of the batch.")
        #expect(
            "\(LinearAlgebraError.notFinite())" == "The matrix has infinite or NaN elements.")
    }
}

/// Programming errors trap with a message.
@Suite struct LinearAlgebraTrapTests {
    private func message(_ result: ExitTest.Result?) -> String {
        String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }

    @Test func matricesMustBeSquare() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = try Tensor<Double>.ones([2, 3]).inverse()
        }
        #expect(message(result).contains("inverse: A has shape [2, 3]; its matrices must be square."))
    }

    @Test func vectorsAreRejected() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = try Tensor<Double>.ones([3]).svd()
        }
        #expect(message(result).contains("svd: A has shape [3]; it must be a matrix or a stack of matrices."))
    }

    @Test func rightHandSidesMustFit() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = try Tensor<Double>.ones([3, 3]).solve(.ones([2, 3]))
        }
        #expect(message(result).contains("solve: A has shape [3, 3] and b [2, 3]; b needs 3 rows."))
    }

    @Test func leastSquaresNamesTheShapes() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = try Tensor<Double>.ones([4, 3]).leastSquares(.ones([3]))
        }
        #expect(message(result).contains("leastSquares: A has shape [4, 3] and b [3]; b needs 4 rows"))
    }

    @Test func multiDotNamesTheShapes() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Double>.multiDot([.ones([2, 3]), .ones([4, 5])])
        }
        #expect(message(result).contains("multiDot: matrices of shapes [2, 3] and [4, 5] cannot be multiplied."))
    }

    @Test func crossRequiresThreeElements() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Double>.ones([2]).cross(.ones([2]))
        }
        #expect(message(result).contains("cross: vectors must have 3 elements; got shapes [2] and [2]."))
    }

    @Test func tensorSolveRequiresMatchingAxes() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = try Tensor<Double>.ones([2, 3, 4]).tensorSolve(.ones([2, 3]))
        }
        #expect(message(result).contains("tensorSolve: A has shape [2, 3, 4] and b [2, 3]"))
    }

    @Test func recordedTensorsAreRejected() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let tape = Tape()
            _ = try withExtendedLifetime(tape) { try tape.watch(Tensor<Double>.ones([2, 2])).solve(.ones([2])) }
        }
        #expect(message(result).contains("solve has no gradient; detach the tensor first."))
    }
}
