import Ductus
import DuctusLinearAlgebra

extension Case {
    /// Against NumPy, whose routines are LAPACK's too; it computes with Double whatever it is given.
    static let linearAlgebra = [256, 1024].flatMap { n in
        decompositions(n, Float.self, "f32") + decompositions(n, Double.self, "f64")
    }

    private static func decompositions<Scalar: FloatingScalar>(_ n: Int, _: Scalar.Type, _ type: String) -> [Case] {
        // Floating-point operations in n³, as usually counted.
        func measured(
            _ name: String, _ cubes: Double, _ body: @escaping @Sendable (Tensor<Scalar>, Tensor<Scalar>) throws -> Void
        ) -> Case {
            Case("\(name) \(n) \(type)", .flops(cubes * Double(n) * Double(n) * Double(n))) {
                let (a, b): (Tensor<Scalar>, Tensor<Scalar>) = (uniform([n, n], seed: 1), uniform([n], seed: 2))
                return {
                    do { try body(a, b) } catch { fatalError("\(name): \(error)") }
                }
            }
        }
        let product = measured("dgemm", 2) { a, _ in _ = a.matmul(a) }
        return [
            measured("solve", 2.0 / 3) { _ = try $0.solve($1) },
            measured("qr", 8.0 / 3) { a, _ in _ = a.qr() },
            measured("eigh", 9) { a, _ in _ = try a.symmetricEigen() },
            measured("svd", 21) { a, _ in _ = try a.svd() },
        ] + (Scalar.self == Double.self ? [product] : [])
    }

    private static func uniform<Scalar: FloatingScalar>(_ shape: Shape, seed: UInt64) -> Tensor<Scalar> {
        var stream = RandomStream(seed: seed)
        return .uniform(shape, from: -1, to: 1, using: &stream)
    }
}
