/// Adam (Kingma and Ba 2015): first and second moments of the gradient with bias correction,
/// p ← p − η m̂ / (√v̂ + ε).
public struct Adam: UpdateRule, Equatable {
    public static let name = "adam"
    /// β₁: the decay rate of the first moment.
    public var beta1 = 0.9
    /// β₂: the decay rate of the second moment.
    public var beta2 = 0.999
    /// ε: bounds steps where gradients vanish.
    public var epsilon = 1e-8

    /// The defaults.
    public init() {}

    public var problem: String? { momentsProblem(beta1, beta2, epsilon) }
    public var slotCount: Int { 2 }

    public func update(_ elements: UpdateElements, rate: Double, step: Int, scale: Double) {
        elements.adam(beta1, beta2, epsilon, decay: 0, rate: rate, step: step, scale: scale)
    }
}

/// Adam with decoupled weight decay (AdamW, Loshchilov and Hutter 2019): every step also subtracts η λ p.
public struct AdamW: UpdateRule, Equatable {
    public static let name = "adamW"
    /// β₁: the decay rate of the first moment.
    public var beta1 = 0.9
    /// β₂: the decay rate of the second moment.
    public var beta2 = 0.999
    /// ε: bounds steps where gradients vanish.
    public var epsilon = 1e-8
    /// λ: weight decay.
    public var decay = 0.01
    /// Whether biases and the scales and shifts of normalizations decay as well.
    public var decaysVectors = true

    /// The defaults.
    public init() {}

    public var problem: String? { momentsProblem(beta1, beta2, epsilon) ?? problem("decay", decay, in: 0...1) }
    public var slotCount: Int { 2 }

    public func update(_ elements: UpdateElements, rate: Double, step: Int, scale: Double) {
        let decay = elements.isVector && !decaysVectors ? 0 : decay
        elements.adam(beta1, beta2, epsilon, decay: decay, rate: rate, step: step, scale: scale)
    }
}

extension UpdateRule where Self == Adam {
    /// Adam.
    public static func adam(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8) -> Adam {
        var rule = Adam()
        (rule.beta1, rule.beta2, rule.epsilon) = (beta1, beta2, epsilon)
        return rule
    }
}

extension UpdateRule where Self == AdamW {
    /// AdamW.
    public static func adamW(
        beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, decay: Double = 0.01,
        decaysVectors: Bool = true
    ) -> AdamW {
        var rule = AdamW()
        (rule.beta1, rule.beta2, rule.epsilon, rule.decay) = (beta1, beta2, epsilon, decay)
        rule.decaysVectors = decaysVectors
        return rule
    }
}

extension UpdateRule {
    fileprivate func momentsProblem(_ beta1: Double, _ beta2: Double, _ epsilon: Double) -> String? {
        problem("beta1", beta1, in: 0...0.99999999) ?? problem("beta2", beta2, in: 0...0.99999999)
            ?? problem("epsilon", epsilon, in: 0...1)
    }
}

extension UpdateElements {
    fileprivate func adam(
        _ beta1: Double, _ beta2: Double, _ epsilon: Double, decay: Double, rate: Double, step: Int, scale: Double
    ) {
        guard let p = parameters.baseAddress, let g = gradients.baseAddress, let m = slots[0].baseAddress,
            let v = slots[1].baseAddress
        else { return }
        let corrections = (1 - power(beta1, Double(step)), 1 - power(beta2, Double(step)))
        Float.kernels.adam(
            parameters.count, p, g, m, v, rate, beta1, beta2, epsilon, corrections.0, corrections.1, decay, scale)
    }
}
