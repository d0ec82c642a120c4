/// Softmax along one axis: positive numbers that sum to 1.
///
/// Losses take logits, so training needs none; attention has its own.
///
/// ```swift
/// Sequential { Dense(128, 10); Softmax() }
/// ```
public struct Softmax: Layer, CustomStringConvertible, Placed {
    /// The axis of the classes; negative numbers count from the last.
    public let axis: Int
    let place = Place()

    /// Along `axis`, the last one by default.
    public init(axis: Int = -1) { self.axis = axis }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { listed { x.softmax(axis: axis) } }

    public var description: String { axis == -1 ? "Softmax" : "Softmax, axis \(axis)" }
}

/// The logarithm of softmax along one axis, computed without overflow.
public struct LogSoftmax: Layer, CustomStringConvertible, Placed {
    /// The axis of the classes; negative numbers count from the last.
    public let axis: Int
    let place = Place()

    /// Along `axis`, the last one by default.
    public init(axis: Int = -1) { self.axis = axis }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { listed { x.logSoftmax(axis: axis) } }

    public var description: String { axis == -1 ? "LogSoftmax" : "LogSoftmax, axis \(axis)" }
}
