/// RMSprop (Tieleman and Hinton 2012): s ← ρ s + (1 − ρ) g², p ← p − η g / (√s + ε).
public struct RMSprop: UpdateRule, Equatable {
    public static let name = "rmsprop"
    /// ρ: the decay rate of the mean square.
    public var rho = 0.99
    /// ε: bounds steps where gradients vanish.
    public var epsilon = 1e-8

    /// The defaults.
    public init() {}

    public var problem: String? { problem("rho", rho, in: 0...1) ?? problem("epsilon", epsilon, in: 0...1) }
    public var slotCount: Int { 1 }

    public func update(_ elements: UpdateElements, rate: Double, step: Int, scale: Double) {
        guard let p = elements.parameters.baseAddress, let g = elements.gradients.baseAddress,
            let s = elements.slots[0].baseAddress
        else { return }
        Float.kernels.rmsprop(elements.parameters.count, p, g, s, rate, rho, epsilon, scale)
    }
}

extension UpdateRule where Self == RMSprop {
    /// RMSprop.
    public static func rmsprop(rho: Double = 0.99, epsilon: Double = 1e-8) -> RMSprop {
        var rule = RMSprop()
        (rule.rho, rule.epsilon) = (rho, epsilon)
        return rule
    }
}
