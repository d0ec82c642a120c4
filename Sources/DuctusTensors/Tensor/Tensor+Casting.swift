import CDuctusKernels

extension TensorScalar {
    /// This type as the kernels identify it.
    static var element: ductus_element {
        switch self {
        case is Float.Type: DUCTUS_FLOAT
        case is Double.Type: DUCTUS_DOUBLE
        case is Int32.Type: DUCTUS_INT32
        case is UInt8.Type: DUCTUS_UINT8
        case is Bool.Type: DUCTUS_BOOL
        default: preconditionFailure("\(self) is not an element type of tensors.")
        }
    }
}

extension Tensor {
    /// The same tensor. Gives a stand-alone literal its type.
    ///
    /// ```swift
    /// Tensor<Double>([[1, 2], [2, 4]]).transposed()
    /// ```
    public init(_ same: Tensor) { self = same }

    /// Every element of another tensor, converted to this type.
    ///
    /// Floating-point numbers are truncated toward zero when converted to integers; the result must fit. `true` becomes
    /// 1, and every number other than 0 becomes `true`. Conversions have no gradient.
    ///
    /// ```swift
    /// Tensor<Int32>([-1.5, 2.9] as Tensor<Float>)   // [-1  2]
    /// Tensor<Float>(labels .== 3)                   // 1 where a label is 3
    /// ```
    public init<Other: TensorScalar>(_ other: Tensor<Other>) {
        if let same = other as? Tensor {
            self = same
            return
        }
        precondition(
            !other.isRecorded, "Converting \(Other.self) to \(Scalar.self) has no gradient; detach the tensor first.")
        self.init(shape: other.shape) { out in
            other.withUnsafeBuffer { elements in
                parallelRanges(out.count, grain: 1 << 15) { range in
                    let converted = ductus_convert(
                        Other.element, Scalar.element, range.count, elements.baseAddress! + range.lowerBound,
                        out.baseAddress! + range.lowerBound)
                    precondition(
                        converted == range.count,
                        "Element \(range.lowerBound + converted) of \(other.shape) is "
                            + "\(elements[range.lowerBound + converted]), which does not fit in \(Scalar.self).")
                }
            }
        }
    }
}
