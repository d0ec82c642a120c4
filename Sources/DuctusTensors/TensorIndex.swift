/// What can stand between the brackets of `x[…]`, once for every axis that it is about.
///
/// | index | takes |
/// |---|---|
/// | `2`, `-1` | one position; the axis is gone |
/// | `1..<3`, `1...3`, `1...`, `..<3`, `...3` | a range |
/// | `.strided(from: 4, to: 0, by: -2)` | every other position, here backwards |
/// | `[2, 0, 0]`, a `Tensor<Int32>` | these positions, in this order |
/// | a `Tensor<Bool>` | the elements of as many axes as the mask has, where it is true |
/// | `.newAxis` | nothing: a new axis of extent 1 |
/// | `...` | all axes that no other index is about |
///
/// Negative numbers count from the end: `(-3)...` takes the last three, `..<(-1)` all but the last. Unlike in NumPy, a
/// range that leaves its axis is a mistake, and ends the process.
public protocol TensorIndex {
    /// What this index takes.
    var axisSelection: AxisSelection { get }
}

/// What one index takes of a tensor's axes; see ``TensorIndex``.
public enum AxisSelection: Sendable {
    /// One position, whose axis is gone.
    case position(Int)
    /// From a position to before another; the ends of the axis, unless named.
    case range(from: Int?, to: Int?)
    /// Every so many-th position from one to before another; negative steps go backwards.
    case steps(from: Int?, to: Int?, by: Int)
    /// A new axis of extent 1.
    case expansion
    /// All axes that no other index is about.
    case ellipsis
    /// These positions; their axes replace the one.
    case positions(Tensor<Int32>)
    /// The elements where it is true, of as many axes as it has.
    case mask(Tensor<Bool>)

    /// How many axes this is about, unless it is the ellipsis.
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

    /// Every `step`-th position from `start` to before `end`. Without them, a positive step goes from the first to the
    /// last, a negative one from the last to the first.
    ///
    /// ```swift
    /// x[.strided(by: 2)]                     // 0, 2, 4, …
    /// x[.strided(by: -1)]                    // backwards
    /// x[.strided(from: -2, to: 0, by: -1)]   // from the last but one down to 1
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

    /// The position after the last; −1 is the last of the axis.
    fileprivate var end: Int? { upperBound == -1 ? nil : upperBound + 1 }
}

extension [Int]: TensorIndex {
    public var axisSelection: AxisSelection {
        .positions(Tensor(map { Int32(clamping: $0) }))
    }
}

/// Element types of tensors that are indices: Int32 (positions) and Bool (masks).
public protocol IndexScalar: TensorScalar {
    /// What a tensor of this type takes as an index.
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
