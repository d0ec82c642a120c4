import DuctusTensors

/// A learning rate schedule.
///
/// ```swift
/// struct Halving: Schedule {
///     static let name = "halving"
///     func factor(step: Int, of total: Int) -> Double { 2 * step < total ? 1 : 0.5 }
/// }
/// Registries.schedules.register(Halving.self)
/// ```
public protocol Schedule: Component {
    /// The factor of the maximum learning rate at a step, counted from 0: from 0 to 1.
    func factor(step: Int, of total: Int) -> Double
}

extension Registries {
    /// The schedules that configuration files can choose.
    public static let schedules = Registry<any Component.Type>(
        "schedule", [ConstantSchedule.self, CosineSchedule.self, OneCycleSchedule.self, StepSchedule.self]
    ) { $0.name }
}

/// A constant rate.
public struct ConstantSchedule: Schedule, Equatable {
    public static let name = "constant"
    /// There are no settings.
    public init() {}

    public func factor(step: Int, of total: Int) -> Double { 1 }
}

/// Cosine decay to zero (Loshchilov and Hutter 2017).
public struct CosineSchedule: Schedule, Equatable {
    public static let name = "cosine"
    /// There are no settings.
    public init() {}

    public func factor(step: Int, of total: Int) -> Double { between(1, 0, progress(step, total)) }
}

/// The one cycle policy (Smith and Topin 2018): warmup from 1/25 to the maximum rate, then decay to 1/10,000, both along
/// cosines.
public struct OneCycleSchedule: Schedule, Equatable {
    public static let name = "oneCycle"
    /// The share of all steps that belong to the warmup.
    public var warmup = 0.2

    /// The defaults.
    public init() {}

    public var problem: String? { problem("warmup", warmup, in: 0...1) }

    public func factor(step: Int, of total: Int) -> Double {
        let progress = progress(step, total)
        return progress < warmup
            ? between(0.04, 1, progress / warmup)
            : between(1, 1e-4, warmup < 1 ? (progress - warmup) / (1 - warmup) : 0)
    }
}

/// Step decay: the run is divided into parts of equal length, and the rate is multiplied by a factor after each of them.
public struct StepSchedule: Schedule, Equatable {
    public static let name = "steps"
    /// The number of parts.
    public var parts = 3
    /// The factor of the rate from one part to the next.
    public var factor = 0.1

    /// The defaults.
    public init() {}

    public var problem: String? { problem("parts", parts, in: 1...1_000_000) ?? problem("factor", factor, in: 0...1) }

    public func factor(step: Int, of total: Int) -> Double {
        power(factor, Double(min(Int(progress(step, total) * Double(parts)), parts - 1)))
    }
}

extension Schedule {
    /// Progress from 0 at the first step to 1 at the last.
    fileprivate func progress(_ step: Int, _ total: Int) -> Double {
        total > 1 ? min(Double(step) / Double(total - 1), 1) : 0
    }

    fileprivate func between(_ from: Double, _ to: Double, _ share: Double) -> Double {
        to + (from - to) * (1 + DuctusTensors.cosine(.pi * share)) / 2
    }
}

extension Schedule where Self == ConstantSchedule {
    /// A constant rate.
    public static var constant: ConstantSchedule { ConstantSchedule() }
}

extension Schedule where Self == CosineSchedule {
    /// Cosine decay to zero.
    public static var cosine: CosineSchedule { CosineSchedule() }
}

extension Schedule where Self == OneCycleSchedule {
    /// The one cycle policy; `warmup` is the share of all steps during which the rate rises.
    public static func oneCycle(warmup: Double) -> OneCycleSchedule {
        var schedule = OneCycleSchedule()
        schedule.warmup = warmup
        return schedule
    }
}

extension Schedule where Self == StepSchedule {
    /// Step decay: the rate is multiplied by `factor` after each of `parts` equal parts of the run.
    public static func steps(parts: Int, factor: Double) -> StepSchedule {
        var schedule = StepSchedule()
        (schedule.parts, schedule.factor) = (parts, factor)
        return schedule
    }
}
