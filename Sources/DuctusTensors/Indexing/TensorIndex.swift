/// An index between the brackets of `x[…]`, for one or more axes.
///
/// | index | selects |
/// |---|---|
/// | `2`, `-1` | one position; removes the axis |
/// | `1..<3`, `1...3`, `1...`, `..<3`, `...3` | a range |
/// | `.strided(from: 4, to: 0, by: -2)` | every second position, here in reverse |
/// | `[2, 0, 0]`, a `Tensor<Int32>` | these positions, in this order |
/// | a `Tensor<Bool>` | where the mask is true, over as many axes as it has |
/// | `.newAxis` | nothing; inserts an axis of extent 1 |
/// | `...` | all axes not covered by other indices |
///
/// Negative numbers count from the end: `(-3)...` selects the last three, `..<(-1)` all but the last. Unlike in NumPy,
/// ranges are not clamped: one that exceeds its axis traps.
public protocol TensorIndex {
    /// What this index selects.
    var axisSelection: AxisSelection { get }
}

/// The selection that one index makes from the axes of a tensor; see ``TensorIndex``.
public enum AxisSelection: Sendable {
    /// One position; removes the axis.
    case position(Int)
    /// A half-open range of positions; missing bounds are the ends of the axis.
    case range(from: Int?, to: Int?)
    /// Every n-th position of a half-open range; negative steps run in reverse.
    case steps(from: Int?, to: Int?, by: Int)
    /// A new axis of extent 1.
    case expansion
    /// All axes not covered by other indices.
    case ellipsis
    /// The given positions, whose axes replace the indexed one.
    case positions(Tensor<Int32>)
    /// The elements where a mask is true, over as many axes as it has.
    case mask(Tensor<Bool>)

    /// The number of axes that this covers, unless it is the ellipsis.
    var axisCount: Int {
        switch self {
        case .expansion, .ellipsis: 0
        case .mask(let mask): mask.rank
        default: 1
        }
    }
}

extension AxisSelection: TensorIndex {
    public var axisSelection: AxisSelection { self }
}

extension TensorIndex where Self == AxisSelection {
    /// A new axis of extent 1.
    public static var newAxis: AxisSelection { .expansion }

    /// Every `step`-th position from `start` up to but not including `end`. Without bounds, a positive step covers the
    /// axis from first to last, a negative one from last to first.
    ///
    /// ```swift
    /// x[.strided(by: 2)]                     // 0, 2, 4, …
    /// x[.strided(by: -1)]                    // in reverse
    /// x[.strided(from: -2, to: 0, by: -1)]   // from the second-to-last down to 1
    /// ```
    public static func strided(from start: Int? = nil, to end: Int? = nil, by step: Int) -> AxisSelection {
        .steps(from: start, to: end, by: step)
    }
}

extension Int: TensorIndex {
    public var axisSelection: AxisSelection { .position(self) }
}

extension Range: TensorIndex where Bound == Int {
    public var axisSelection: AxisSelection { .range(from: lowerBound, to: upperBound) }
}

extension ClosedRange: TensorIndex where Bound == Int {
    public var axisSelection: AxisSelection { .range(from: lowerBound, to: (...upperBound).end) }
}

extension PartialRangeFrom: TensorIndex where Bound == Int {
    public var axisSelection: AxisSelection { .range(from: lowerBound, to: nil) }
}

extension PartialRangeUpTo: TensorIndex where Bound == Int {
    public var axisSelection: AxisSelection { .range(from: nil, to: upperBound) }
}

extension PartialRangeThrough: TensorIndex where Bound == Int {
    public var axisSelection: AxisSelection { .range(from: nil, to: end) }

    /// The exclusive upper bound; nil for the end of the axis.
    fileprivate var end: Int? { upperBound == -1 ? nil : upperBound + 1 }
}

extension [Int]: TensorIndex {
    public var axisSelection: AxisSelection {
        .positions(Tensor(map { Int32(clamping: $0) }))
    }
}

/// Element types of tensors that are indices: Int32 (positions) and Bool (masks).
public protocol IndexScalar: TensorScalar {
    /// What a tensor of this type selects as an index.
    static func axisSelection(_ tensor: Tensor<Self>) -> AxisSelection
}

extension Int32: IndexScalar {
    public static func axisSelection(_ tensor: Tensor<Int32>) -> AxisSelection { .positions(tensor) }
}

extension Bool: IndexScalar {
    public static func axisSelection(_ tensor: Tensor<Bool>) -> AxisSelection { .mask(tensor) }
}

extension Tensor: TensorIndex where Scalar: IndexScalar {
    public var axisSelection: AxisSelection { Scalar.axisSelection(self) }
}
