/// A matrix for which a problem has no solution. `matrix` is its index in the batch, one number per leading axis, empty
/// without a batch. If several matrices fail, the error is about the first.
public enum LinearAlgebraError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Elimination met an exact zero at a pivot, counted from 1.
    case singular(pivot: Int, matrix: [Int] = [])
    /// The leading minor of this order is not positive.
    case notPositiveDefinite(order: Int, matrix: [Int] = [])
    /// An iteration did not converge.
    case noConvergence(matrix: [Int] = [])
    /// There are infinite or NaN elements.
    case notFinite(matrix: [Int] = [])

    public var description: String {
        switch self {
        case .singular(let pivot, let matrix): "\(Self.name(matrix)) is singular at pivot \(pivot)."
        case .notPositiveDefinite(let order, let matrix):
            "\(Self.name(matrix)) is not positive definite: its leading minor of order \(order) is not positive."
        case .noConvergence(let matrix): "The iteration did not converge for \(Self.name(matrix).lowercased())."
        case .notFinite(let matrix): "\(Self.name(matrix)) has infinite or NaN elements."
        }
    }

    /// The same error about a matrix of a batch.
    func inBatch(_ matrix: [Int]) -> LinearAlgebraError {
        switch self {
        case .singular(let pivot, _): .singular(pivot: pivot, matrix: matrix)
        case .notPositiveDefinite(let order, _): .notPositiveDefinite(order: order, matrix: matrix)
        case .noConvergence: .noConvergence(matrix: matrix)
        case .notFinite: .notFinite(matrix: matrix)
        }
    }

    private static func name(_ matrix: [Int]) -> String {
        matrix.isEmpty ? "The matrix" : "Matrix \(matrix) of the batch"
    }
}
