import DuctusTensors

/// How the learning rate changes over a training: a factor between 0 and 1.
public enum Schedule: Sendable, Codable, Equatable {
    /// The full rate from the first step to the last.
    case constant
    /// From a 25th up to the full rate during `warmup` (a share of all steps), then down to nothing, along cosines
    /// (Smith and Topin 2018).
    case oneCycle(warmup: Double)
    /// Down to nothing along half a cosine (Loshchilov and Hutter 2017).
    case cosine
    /// Times `factor` after every `epochs` share of the training: 3 for thirds, and so on.
    case steps(parts: Int, factor: Double)

    /// The factor at step `step` of `total`.
    public func factor(step: Int, of total: Int) -> Double {
        let progress = total > 1 ? min(Double(step) / Double(total - 1), 1) : 0
        func cosineBetween(_ from: Double, _ to: Double, _ share: Double) -> Double {
            to + (from - to) * (1 + DuctusTensors.cosine(.pi * share)) / 2
        }
        switch self {
        case .constant: return 1
        case .cosine: return cosineBetween(1, 0, progress)
        case .oneCycle(let warmup):
            return progress < warmup
                ? cosineBetween(0.04, 1, progress / warmup)
                : cosineBetween(1, 1e-4, warmup < 1 ? (progress - warmup) / (1 - warmup) : 0)
        case .steps(let parts, let factor):
            return power(factor, Double(min(Int(progress * Double(parts)), parts - 1)))
        }
    }
}
