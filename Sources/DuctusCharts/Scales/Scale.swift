#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// An axis: the range of its values, where they lie between 0 and 1, and its ticks.
public struct Scale: Sendable {
    /// How values are spaced.
    public enum Kind: Sendable {
        /// By their differences.
        case linear
        /// By their logarithms; values that are not positive have no place.
        case logarithmic
    }

    /// A value with its label.
    public struct Tick: Sendable, Equatable {
        /// The value.
        public let value: Double
        /// What is written beside it.
        public let label: String
    }

    /// How values are spaced.
    public let kind: Kind
    /// The values at 0 and 1.
    public let range: ClosedRange<Double>
    /// The ticks, in order.
    public let ticks: [Tick]

    /// An axis for some values. Ticks are at multiples of 1, 2, or 5 times a power of ten.
    ///
    /// - Parameters:
    ///   - values: the values; those that are not finite are ignored, and those that are not positive on a logarithmic axis.
    ///   - kind: how values are spaced. Without positive values, the axis is linear.
    ///   - within: the range, if it does not follow from the values.
    ///   - isRounded: whether the first and last tick enclose all values.
    ///   - count: about how many ticks there are.
    public init(
        _ values: some Sequence<Double>, _ kind: Kind = .linear, within: ClosedRange<Double>? = nil,
        isRounded: Bool = true, count: Int = 5
    ) {
        let finite = values.filter { $0.isFinite && $0.magnitude < 1e100 }
        let positive = finite.filter { $0 > 1e-100 }
        let isLogarithmic = kind == .logarithmic && !positive.isEmpty && (within?.lowerBound ?? 1) > 0
        let shown = isLogarithmic ? positive : finite
        let range = within ?? (shown.min() ?? 0)...(shown.max() ?? 1)
        self.kind = isLogarithmic ? .logarithmic : .linear
        if isLogarithmic {
            (self.range, ticks) = Self.logarithmic(Self.widened(range, isLogarithmic: true), within == nil && isRounded)
        } else {
            (self.range, ticks) = Self.linear(
                Self.widened(range, isLogarithmic: false), within == nil && isRounded, count)
        }
    }

    /// Where a value lies between the ends, 0 to 1; nil where it has no place.
    public func fraction(_ value: Double) -> Double? {
        guard value.isFinite, kind == .linear || value > 0 else { return nil }
        let share =
            kind == .linear
            ? (value - range.lowerBound) / (range.upperBound - range.lowerBound)
            : log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
        return min(max(share, 0), 1)
    }

    /// A range that is not a single value.
    private static func widened(_ range: ClosedRange<Double>, isLogarithmic: Bool) -> ClosedRange<Double> {
        let (low, high) = (range.lowerBound, range.upperBound)
        if isLogarithmic { return high > low * 1.0001 ? range : low / 2...high * 2 }
        let least = max(low.magnitude, high.magnitude) * 1e-9
        guard high - low <= least else { return range }
        let margin = low == 0 ? 0.5 : low.magnitude / 2
        return low - margin...high + margin
    }

    private static func linear(
        _ range: ClosedRange<Double>, _ isRounded: Bool, _ count: Int
    ) -> (ClosedRange<Double>, [Tick]) {
        let step = step(range.upperBound - range.lowerBound, count)
        let first = (range.lowerBound / step + (isRounded ? 1e-9 : -1e-9)).rounded(isRounded ? .down : .up)
        let last = (range.upperBound / step + (isRounded ? -1e-9 : 1e-9)).rounded(isRounded ? .up : .down)
        let values = stride(from: first, through: last, by: 1).map { $0 * step }
        let labels = TickLabels(step: step, largest: max(range.lowerBound.magnitude, range.upperBound.magnitude))
        let ticks = values.map { Tick(value: $0, label: labels.text($0)) }
        // What rounding lost must not put a value outside.
        let (low, high) = (values.first ?? range.lowerBound, values.last ?? range.upperBound)
        return (isRounded ? min(low, range.lowerBound)...max(high, range.upperBound) : range, ticks)
    }

    /// The multiple of 1, 2, or 5 times a power of ten that divides a span into at most about `count` parts.
    private static func step(_ span: Double, _ count: Int) -> Double {
        let rough = span / Double(max(count, 1))
        let power = pow(10, (log10(rough) + 1e-9).rounded(.down))
        let share = rough / power
        return power * (share <= 1.01 ? 1 : share <= 2.01 ? 2 : share <= 5.01 ? 5 : 10)
    }

    /// Powers of ten, and twice and five times these where there are few.
    private static func logarithmic(
        _ range: ClosedRange<Double>, _ isRounded: Bool
    ) -> (ClosedRange<Double>, [Tick]) {
        let (low, high) = (log10(range.lowerBound), log10(range.upperBound))
        let decades = high - low
        let factors: [Double] = decades <= 1.2 ? [1, 2, 3, 5, 7] : decades <= 3 ? [1, 2, 5] : [1]
        let every = max(1, Int((decades / 6).rounded(.up)))
        var values: [Double] = []
        for exponent in Int(low.rounded(.down)) - 1...Int(high.rounded(.up)) + 1
        where factors.count > 1 || exponent.isMultiple(of: every) {
            values += factors.map { $0 * pow(10, Double(exponent)) }
        }
        let start = values.last { $0 <= range.lowerBound * (1 + 1e-9) } ?? range.lowerBound
        let end = values.first { $0 >= range.upperBound * (1 - 1e-9) } ?? range.upperBound
        let rounded = isRounded ? min(start, range.lowerBound)...max(end, range.upperBound) : range
        let shown = values.filter { $0 >= rounded.lowerBound * (1 - 1e-9) && $0 <= rounded.upperBound * (1 + 1e-9) }
        return (rounded, shown.map { Tick(value: $0, label: TickLabels.power($0)) })
    }
}
