import CDuctusKernels

/// Moves parameters against their gradients.
///
/// ```swift
/// var optimizer = Optimizer.adamW(rate: 1e-3)
/// let (loss, gradients) = valueAndGradient(of: network) { … }
/// optimizer.step(gradients)
/// ```
public struct Optimizer: Sendable {
    /// The update rule, with g the gradient, p the parameter and η the rate.
    public enum Rule: Sendable, Codable, Equatable {
        /// v ← μ v + g + λ p, p ← p − η v; with `nesterov`, p ← p − η (g + λ p + μ v).
        case sgd(momentum: Double = 0, nesterov: Bool = false, decay: Double = 0)
        /// s ← ρ s + (1 − ρ) g², p ← p − η g / (√s + ε) (Tieleman and Hinton 2012).
        case rmsprop(rho: Double = 0.99, epsilon: Double = 1e-8)
        /// Moments with bias correction (Kingma and Ba 2015); `decay` shrinks p by η λ p apart from them (AdamW,
        /// Loshchilov and Hutter 2019).
        case adam(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, decay: Double = 0)

        /// Arrays kept for every parameter.
        var slotCount: Int {
            switch self {
            case .sgd(let momentum, _, _): momentum == 0 ? 0 : 1
            case .rmsprop: 1
            case .adam: 2
            }
        }
    }

    public let rule: Rule
    /// The largest learning rate η.
    public let rate: Double
    public let schedule: Schedule
    /// Gradients of a larger global norm are scaled down to it.
    public let clipNorm: Double?
    /// How long the schedule is, in steps. `fit` sets it.
    public var totalSteps = 1
    /// Steps taken.
    public package(set) var steps = 0
    private var slots: [ObjectIdentifier: [Tensor<Float>]] = [:]

    public init(_ rule: Rule, rate: Double, schedule: Schedule = .constant, clipNorm: Double? = nil) {
        (self.rule, self.rate, self.schedule, self.clipNorm) = (rule, rate, schedule, clipNorm)
    }

    public static func sgd(
        rate: Double, momentum: Double = 0, nesterov: Bool = false, schedule: Schedule = .constant
    ) -> Optimizer {
        Optimizer(.sgd(momentum: momentum, nesterov: nesterov), rate: rate, schedule: schedule)
    }

    public static func rmsprop(rate: Double, schedule: Schedule = .constant) -> Optimizer {
        Optimizer(.rmsprop(), rate: rate, schedule: schedule)
    }

    public static func adam(rate: Double, schedule: Schedule = .constant, clipNorm: Double? = nil) -> Optimizer {
        Optimizer(.adam(), rate: rate, schedule: schedule, clipNorm: clipNorm)
    }

    public static func adamW(
        rate: Double, decay: Double = 0.01, schedule: Schedule = .constant, clipNorm: Double? = nil
    ) -> Optimizer {
        Optimizer(.adam(decay: decay), rate: rate, schedule: schedule, clipNorm: clipNorm)
    }

    /// The rate of the next step.
    public var currentRate: Double { rate * schedule.factor(step: steps, of: totalSteps) }

    /// Moves every parameter that has a gradient.
    public mutating func step(_ gradients: Gradients) {
        var gradients = gradients
        if let clipNorm { gradients.clip(toNorm: clipNorm) }
        let rate = currentRate
        steps += 1
        for (parameter, gradient) in gradients.entries {
            let key = ObjectIdentifier(parameter)
            var state =
                slots.removeValue(forKey: key)
                ?? (0..<rule.slotCount).map { _ in Tensor<Float>.zeros(parameter.shape) }
            gradient.withUnsafeBuffer { g in
                parameter.stored.withUnsafeMutableBuffer { p in
                    guard let g = g.baseAddress, let values = p.baseAddress else { return }
                    update(values, g, p.count, &state, rate)
                }
            }
            slots[key] = state
        }
    }

    private func update(
        _ p: UnsafeMutablePointer<Float>, _ g: UnsafePointer<Float>, _ n: Int, _ state: inout [Tensor<Float>],
        _ rate: Double
    ) {
        let kernels = Float.kernels
        switch rule {
        case .sgd(let momentum, let nesterov, let decay):
            guard !state.isEmpty else { return kernels.sgd(n, p, g, nil, rate, 0, false, decay) }
            state[0].withUnsafeMutableBuffer {
                kernels.sgd(n, p, g, $0.baseAddress!, rate, momentum, nesterov, decay)
            }
        case .rmsprop(let rho, let epsilon):
            state[0].withUnsafeMutableBuffer { kernels.rmsprop(n, p, g, $0.baseAddress!, rate, rho, epsilon) }
        case .adam(let beta1, let beta2, let epsilon, let decay):
            let count = Double(steps)
            var second = state.removeLast()
            state[0].withUnsafeMutableBuffer { first in
                second.withUnsafeMutableBuffer { second in
                    kernels.adam(
                        n, p, g, first.baseAddress!, second.baseAddress!, rate, beta1, beta2, epsilon,
                        1 - power(beta1, count), 1 - power(beta2, count), decay)
                }
            }
            state.append(second)
        }
    }

    // MARK: Saving

    /// Adds what the next step depends on to an archive.
    package func save(to archive: inout TensorArchive, parameters: [(name: String, parameter: Parameter)]) {
        for (name, parameter) in parameters {
            for (index, tensor) in (slots[ObjectIdentifier(parameter)] ?? []).enumerated() {
                archive.set("optimizer.\(index).\(name)", to: tensor)
            }
        }
    }

    package mutating func load(
        from archive: TensorArchive, parameters: [(name: String, parameter: Parameter)], steps: Int
    ) throws {
        // Before the first step there is nothing to remember.
        for (name, parameter) in parameters where parameter.isTrainable && steps > 0 {
            slots[ObjectIdentifier(parameter)] = try (0..<rule.slotCount).map { index in
                let slot = "optimizer.\(index).\(name)"
                let tensor = try archive.tensor(slot, as: Float.self)
                guard tensor.shape == parameter.shape else {
                    throw ArchiveError(
                        archive.path, "\"\(slot)\" has shape \(tensor.shape); this training needs \(parameter.shape).")
                }
                return tensor
            }
        }
        self.steps = steps
    }
}
