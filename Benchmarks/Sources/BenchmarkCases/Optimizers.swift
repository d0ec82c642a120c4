import Ductus

extension Case {
    /// Named after the faster of the peers' two.
    static let optimizers = [
        adam("adam 4M params in 1 tensor (fused)", 1 << 22, tensors: 1),
        adam("adam 256K params in 32 tensors (fused)", 1 << 18, tensors: 32),
    ]

    private static func adam(_ name: String, _ count: Int, tensors: Int) -> Case {
        Case(name, .floats(7 * count)) {
            let parameters = (0..<tensors).map { _ in Parameter(random([count / tensors])) }
            let gradient = random([count / tensors])
            let gradients = valueAndGradient(of: parameters) {
                parameters.reduce(Tensor(0)) { $0 + ($1.value * gradient).sum() }
            }.gradients
            var optimizer = Optimizer.adam(rate: 1e-3)
            return { optimizer.step(gradients) }
        }
    }
}
