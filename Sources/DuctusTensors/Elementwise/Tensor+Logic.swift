import CDuctusKernels

extension Tensor where Scalar == Bool {
    /// Elementwise and; shapes broadcast.
    public static func .& (a: Tensor, b: Tensor) -> Tensor { a.paired(with: b) { $0.map { $0 && $1 } } }

    /// Elementwise or; shapes broadcast.
    public static func .| (a: Tensor, b: Tensor) -> Tensor { a.paired(with: b) { $0.map { $0 || $1 } } }

    /// Elementwise exclusive or; shapes broadcast.
    public static func .^ (a: Tensor, b: Tensor) -> Tensor { a.paired(with: b) { $0.map { $0 != $1 } } }

    /// Elementwise negation.
    public static prefix func .! (a: Tensor) -> Tensor { a .== Tensor(false) }

    /// Whether any element over `axes` (all by default) is true; false for no elements.
    public func any(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        folded(axes, keepingDimensions) { $0.contains(true) }
    }

    /// Whether all elements over `axes` (all by default) are true; true for no elements.
    public func all(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        folded(axes, keepingDimensions) { !$0.contains(false) }
    }
}

extension Tensor {
    /// The elements of `other` where `mask` is true and those of this tensor elsewhere; all three broadcast.
    ///
    /// ```swift
    /// let x: Tensor<Float> = [-1, 2, -3]
    /// x.replacing(with: 0, where: x .< 0)   // [0. 2. 0.]
    /// ```
    public func replacing(with other: Tensor, where mask: Tensor<Bool>) -> Tensor {
        let (original, replacement) = (shape, other.shape)
        let (needsSelf, needsOther) = (isRecorded, other.isRecorded)
        return detached().selected(other.detached(), mask).recorded(inputs: [self, other]) { gradient in
            // Zero bytes are zero in every element type.
            let zero = Tensor(shape: []) { $0.zero() }
            return [
                needsSelf ? gradient.selected(zero, mask).unbroadcast(to: original) : nil,
                needsOther ? zero.selected(gradient, mask).unbroadcast(to: replacement) : nil,
            ]
        }
    }

    /// `value` where `mask` is true and the elements of this tensor elsewhere.
    @_disfavoredOverload
    public func replacing(with value: Scalar, where mask: Tensor<Bool>) -> Tensor {
        replacing(with: Tensor(value), where: mask)
    }

    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    @_specialize(where Scalar == Bool)
    private func selected(_ other: Tensor, _ mask: Tensor<Bool>) -> Tensor {
        let target = Shape.broadcast(Shape.broadcast(shape, other.shape), mask.shape)
        let (a, b, mask) = (stretched(to: target), other.stretched(to: target), mask.stretched(to: target))
        let joint = JointRows(target, [a.strides, b.strides, mask.strides])
        let (stepA, stepB, stepMask) = (joint.columnSteps[0], joint.columnSteps[1], joint.columnSteps[2])
        return Tensor(shape: target) { out in
            withExtendedLifetime((a.storage, b.storage, mask.storage)) {
                joint.parallelForEach { block in
                    var (x, y, m) =
                        (a.base + block.offsets[0], b.base + block.offsets[1], mask.base + block.offsets[2])
                    var result = out.baseAddress! + block.start
                    for _ in 0..<block.rows {
                        if stepA == 1, stepB == 1, stepMask == 1 {
                            for i in 0..<block.columns {
                                let (u, v) = (x[i], y[i])
                                result[i] = m[i] ? v : u
                            }
                        } else if stepA == 1, stepB == 0, stepMask == 1 {
                            let v = y.pointee
                            for i in 0..<block.columns {
                                let u = x[i]
                                result[i] = m[i] ? v : u
                            }
                        } else {
                            for i in 0..<block.columns {
                                let (u, v) = (x[i &* stepA], y[i &* stepB])
                                result[i] = m[i &* stepMask] ? v : u
                            }
                        }
                        (x, y, m) = (x + joint.rowSteps[0], y + joint.rowSteps[1], m + joint.rowSteps[2])
                        result += block.columns
                    }
                }
            }
        }
    }
}
