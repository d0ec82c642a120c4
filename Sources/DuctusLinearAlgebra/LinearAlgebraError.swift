/// A matrix for which a problem has no answer.
public enum LinearAlgebraError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Elimination met an exact zero.
    case singular(pivot: Int)
    /// A leading minor is not positive.
    case notPositiveDefinite(order: Int)
    /// An iteration did not settle; the matrix may hold infinities or numbers that are not.
    case noConvergence

    public var description: String {
        switch self {
        case .singular(let pivot): "The matrix is singular at pivot \(pivot)."
        case .notPositiveDefinite(let order): "The matrix is not positive definite: its leading minor \(order) is not."
        case .noConvergence: "The iteration did not converge; look for values that are infinite or not a number."
        }
    }
}
