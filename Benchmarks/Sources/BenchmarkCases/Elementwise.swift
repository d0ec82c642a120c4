import Ductus

extension Case {
    static let elementwise = functions.flatMap { [function($0, "16M fwd", 1 << 24, $1), cached($0, $1)] } + others

    private static let functions: [(String, @Sendable (Tensor<Float>) -> Tensor<Float>)] = [
        ("relu", { $0.relu() }), ("sigmoid", { $0.sigmoid() }), ("tanh", { $0.tanh() }), ("exp", { $0.exp() }),
        ("gelu", { $0.gelu() }),
    ]

    private static func function(
        _ name: String, _ size: String, _ count: Int, _ function: @escaping @Sendable (Tensor<Float>) -> Tensor<Float>
    ) -> Case {
        Case("\(name) \(size)", .floats(2 * count)) {
            let x = random([count])
            return { _ = function(x) }
        }
    }

    private static func cached(
        _ name: String, _ function: @escaping @Sendable (Tensor<Float>) -> Tensor<Float>
    ) -> Case {
        Case.function(name, "64K fwd (in cache)", 1 << 16, function)
    }

    private static let others = [
        Case("add 16M out=", .floats(3 << 24)) {
            let (x, y) = (random([1 << 24]), random([1 << 24]))
            return { _ = x + y }
        },
        Case("add 16 elements (dispatch overhead)") {
            let (x, y) = (random([16]), random([16]))
            return { _ = x + y }
        },
        Case("mul 16 elements fwd+bwd (autograd overhead)") {
            let y = random([16])
            return forwardAndBackward([random([16])]) { $0[0] * y }
        },
        Case("sum 16M", .floats(1 << 24)) {
            let x = random([1 << 24])
            return { _ = x.sum() }
        },
    ]
}
