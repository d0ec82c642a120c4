import DuctusTensors

/// How the learning rate changes over a training run.
///
/// ```swift
/// struct Halving: Schedule {
///     static let name = "halving"
///     func factor(step: Int, of total: Int) -> Double { 2 * step < total ? 1 : 0.5 }
/// }
/// Registries.schedules.register(Halving.self)
/// ```
public protocol Schedule: Component {
    /// What the rate is multiplied by at step `step` of `total`, counted from 0: from 0 to 1.
    func factor(step: Int, of total: Int) -> Double
}

extension Registries {
    /// The schedules that files can choose.
    public static let schedules = Registry<any Component.Type>(
        "schedule", [ConstantSchedule.self, CosineSchedule.self, OneCycleSchedule.self, StepSchedule.self]
    ) { $0.name }
}

/// The full rate from the first step to the last.
public struct ConstantSchedule: Schedule, Equatable {
    public static let name = "constant"
    public init() {}
    public func factor(step: Int, of total: Int) -> Double { 1 }
}

/// Down to nothing along half a cosine (Loshchilov and Hutter 2017).
public struct CosineSchedule: Schedule, Equatable {
    public static let name = "cosine"
    public init() {}
    public func factor(step: Int, of total: Int) -> Double { between(1, 0, progress(step, total)) }
}

/// From a 25th up to the full rate, then down to nothing, along cosines (Smith and Topin 2018).
public struct OneCycleSchedule: Schedule, Equatable {
    public static let name = "oneCycle"
    /// The share of all steps during which the rate rises.
    public var warmup = 0.2

    public init() {}
    public var problem: String? { problem("warmup", warmup, in: 0...1) }

    public func factor(step: Int, of total: Int) -> Double {
        let progress = progress(step, total)
        return progress < warmup
            ? between(0.04, 1, progress / warmup)
            : between(1, 1e-4, warmup < 1 ? (progress - warmup) / (1 - warmup) : 0)
    }
}

/// The training is cut into parts of equal length, and after each the rate is multiplied by a factor.
public struct StepSchedule: Schedule, Equatable {
    public static let name = "steps"
    /// How many parts there are.
    public var parts = 3
    /// What the rate is multiplied by after each of them.
    public var factor = 0.1

    public init() {}
    public var problem: String? { problem("parts", parts, in: 1...1_000_000) ?? problem("factor", factor, in: 0...1) }

    public func factor(step: Int, of total: Int) -> Double {
        power(factor, Double(min(Int(progress(step, total) * Double(parts)), parts - 1)))
    }
}

extension Schedule {
    /// How far the training is, from 0 at the first step to 1 at the last.
    fileprivate func progress(_ step: Int, _ total: Int) -> Double {
        total > 1 ? min(Double(step) / Double(total - 1), 1) : 0
    }

    fileprivate func between(_ from: Double, _ to: Double, _ share: Double) -> Double {
        to + (from - to) * (1 + DuctusTensors.cosine(.pi * share)) / 2
    }
}

extension Schedule where Self == ConstantSchedule {
    /// The full rate from the first step to the last.
    public static var constant: ConstantSchedule { ConstantSchedule() }
}

extension Schedule where Self == CosineSchedule {
    /// Down to nothing along half a cosine.
    public static var cosine: CosineSchedule { CosineSchedule() }
}

extension Schedule where Self == OneCycleSchedule {
    /// Up during a share `warmup` of all steps, then down to nothing, along cosines.
    public static func oneCycle(warmup: Double) -> OneCycleSchedule {
        var schedule = OneCycleSchedule()
        schedule.warmup = warmup
        return schedule
    }
}

extension Schedule where Self == StepSchedule {
    /// Times `factor` after every one of `parts` equal parts of the training.
    public static func steps(parts: Int, factor: Double) -> StepSchedule {
        var schedule = StepSchedule()
        (schedule.parts, schedule.factor) = (parts, factor)
        return schedule
    }
}
