/// Gradient descent with momentum: v ← μ v + g + λ p, p ← p − η v; with `nesterov`, p ← p − η (g + λ p + μ v)
/// (Sutskever et al. 2013).
public struct SGD: UpdateRule, Equatable {
    public static let name = "sgd"
    /// μ: momentum.
    public var momentum = 0.9
    /// Whether Nesterov momentum is used.
    public var nesterov = false
    /// λ: weight decay, added to the gradient.
    public var decay = 0.0

    /// The defaults.
    public init() {}

    /// Gradient descent with the given hyperparameters.
    public init(momentum: Double, nesterov: Bool = false, decay: Double = 0) {
        (self.momentum, self.nesterov, self.decay) = (momentum, nesterov, decay)
    }

    public var problem: String? { problem("momentum", momentum, in: 0...1) ?? problem("decay", decay, in: 0...1) }
    public var slotCount: Int { momentum == 0 ? 0 : 1 }

    public func update(_ elements: UpdateElements, rate: Double, step: Int, scale: Double) {
        guard let p = elements.parameters.baseAddress, let g = elements.gradients.baseAddress else { return }
        Float.kernels.sgd(
            elements.parameters.count, p, g, elements.slots.first?.baseAddress, rate, momentum, nesterov, decay, scale)
    }
}

extension UpdateRule where Self == SGD {
    /// Gradient descent, by default without momentum.
    public static func sgd(momentum: Double = 0, nesterov: Bool = false, decay: Double = 0) -> SGD {
        SGD(momentum: momentum, nesterov: nesterov, decay: decay)
    }
}
