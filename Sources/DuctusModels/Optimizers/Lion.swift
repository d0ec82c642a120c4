/// Lion (Chen et al. 2023), which moves every element by the same amount: p ← p − η (sign(β₁ m + (1 − β₁) g) + λ p),
/// m ← β₂ m + (1 − β₂) g. The rate should be three to ten times smaller than that of Adam, the decay as much larger.
public struct Lion: UpdateRule, Equatable {
    public static let name = "lion"
    /// β₁: the share of the momentum in the direction of a step.
    public var beta1 = 0.9
    /// β₂: the decay rate of the momentum.
    public var beta2 = 0.99
    /// λ: weight decay.
    public var decay = 0.0

    /// The defaults.
    public init() {}

    public var problem: String? {
        problem("beta1", beta1, in: 0...1) ?? problem("beta2", beta2, in: 0...1) ?? problem("decay", decay, in: 0...1)
    }
    public var slotCount: Int { 1 }

    public func update(_ elements: UpdateElements, rate: Double, step: Int, scale: Double) {
        guard let p = elements.parameters.baseAddress, let g = elements.gradients.baseAddress,
            let m = elements.slots[0].baseAddress
        else { return }
        Float.kernels.lion(elements.parameters.count, p, g, m, rate, beta1, beta2, decay, scale)
    }
}

extension UpdateRule where Self == Lion {
    /// Lion.
    public static func lion(beta1: Double = 0.9, beta2: Double = 0.99, decay: Double = 0) -> Lion {
        var rule = Lion()
        (rule.beta1, rule.beta2, rule.decay) = (beta1, beta2, decay)
        return rule
    }
}
