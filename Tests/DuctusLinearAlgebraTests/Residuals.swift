import DuctusLinearAlgebra

/// Matrices that are difficult for numerical methods.
enum Family: String, CaseIterable, Sendable {
    case normal, rankDeficient, graded, zero, identity, tiny, huge
    case condition1e1, condition1e6, condition1e14

    /// A deterministic matrix of this family.
    func matrix<Scalar: FloatingScalar>(_ m: Int, _ n: Int, _: Scalar.Type = Scalar.self) -> Tensor<Scalar> {
        let a: Tensor<Scalar> = random([m, n], seed: UInt64(m * 1000 + n))
        return switch self {
        case .normal: a
        case .rankDeficient:
            random([m, (Swift.min(m, n) + 1) / 2], seed: 1).matmul(random([(Swift.min(m, n) + 1) / 2, n], seed: 2))
        case .graded:
            a * powers(from: 1, to: 1e-12, count: n) * powers(from: 1, to: 1e6, count: m).expandingShape(at: 1)
        case .zero: .zeros([m, n])
        case .identity: ones(m, n)
        case .tiny: a * Scalar.leastNormalMagnitude
        case .huge: a * (Scalar.greatestFiniteMagnitude / Scalar(1000 * Swift.max(m, n)))
        case .condition1e1: withSingularValues(to: 1e-1, m, n)
        case .condition1e6: withSingularValues(to: 1e-6, m, n)
        case .condition1e14: withSingularValues(to: 1e-14, m, n)
        }
    }

    /// Whether linear systems with such a square matrix have a computable solution.
    var isRegular: Bool { self != .zero && self != .rankDeficient }
}

func random<Scalar: FloatingScalar>(_ shape: Shape, seed: UInt64 = 3) -> Tensor<Scalar> {
    var stream = RandomStream(seed: seed)
    return .normal(shape, using: &stream)
}

/// 1 on the diagonal.
func ones<Scalar: FloatingScalar>(_ m: Int, _ n: Int) -> Tensor<Scalar> {
    Tensor((0..<m * n).map { $0 / n == $0 % n ? 1 : 0 }, shape: [m, n])
}

/// A geometric sequence.
private func powers<Scalar: FloatingScalar>(from first: Double, to last: Double, count: Int) -> Tensor<Scalar> {
    let step = Tensor<Double>(last / first).log().item() / Double(Swift.max(count - 1, 1))
    return Tensor((0..<count).map { Scalar(first * Tensor<Double>(step * Double($0)).exp().item()) })
}

private func withSingularValues<Scalar: FloatingScalar>(to last: Double, _ m: Int, _ n: Int) -> Tensor<Scalar> {
    let k = Swift.min(m, n)
    let (u, v): (Tensor<Scalar>, Tensor<Scalar>) = (random([m, k], seed: 5), random([n, k], seed: 6))
    return (u.qr().q * powers(from: 1, to: last, count: k)).matmul(v.qr().q.transposed())
}

/// The Frobenius norm, without overflow.
func norm<Scalar: FloatingScalar>(_ a: Tensor<Scalar>) -> Double {
    guard a.count > 0 else { return 0 }
    let largest = a.magnitude().max().item()
    guard largest > 0 else { return 0 }
    if !largest.isFinite { return .infinity }
    return Double(largest) * Double((a / largest).squared().sum().item()).squareRoot()
}

/// ‖residual‖ / (n ‖A‖ ε), which LAPACK's own tests want below 30.
func ratio<Scalar: FloatingScalar>(_ residual: Tensor<Scalar>, to a: Tensor<Scalar>, _ n: Int) -> Double {
    let error = norm(residual)
    // Rounding of subnormal numbers is no longer relative.
    let scale = Swift.max(norm(a), Double(Scalar.leastNormalMagnitude))
    return error / scale / (Double(Swift.max(n, 1)) * Double(Scalar.ulpOfOne))
}

/// ‖1 − QᵀQ‖ / (n ε).
func orthogonality<Scalar: FloatingScalar>(_ q: Tensor<Scalar>) -> Double {
    let n = q.shape[1]
    let one: Tensor<Scalar> = ones(n, n)
    return norm(q.transposed().matmul(q) - one) / (Double(Swift.max(n, 1)) * Double(Scalar.ulpOfOne))
}

let limit = 30.0

/// Sizes around those of panels and blocks.
let sizes = [1, 2, 3, 5, 10, 33, 64, 127, 200, 500]

/// Square, tall and wide.
let rectangles =
    sizes.map { [$0, $0] } + [
        [1, 7], [7, 1], [5, 3], [3, 5], [64, 65], [65, 64], [130, 64], [64, 200], [127, 33], [300, 40], [40, 300],
        [500, 260], [260, 500],
    ]

/// Every family for small sizes, and the ordinary one for all sizes.
func combinations(_ shapes: [[Int]]) -> [(Family, [Int])] {
    Family.allCases.flatMap { family in
        shapes.filter { family == .normal || $0.reduce(1, *) <= 130 * 64 || $0 == [200, 200] }.map { (family, $0) }
    }
}
