import CDuctusKernels

extension Tensor where Scalar: FloatingScalar {
    /// activation(self + other), both of the same shape, in one pass: how a residual block ends. Memory, not arithmetic, is
    /// what a sum waits for, so it is in place unless somebody else holds this tensor or gradients are recorded.
    package consuming func adding(_ other: Tensor, activation: Activation) -> Tensor {
        precondition(shape == other.shape, "adding: the shapes are \(shape) and \(other.shape); they must be equal.")
        let (needsSelf, needsOther) = (isRecorded, other.isRecorded)
        if !needsSelf, !needsOther, Observation.observer == nil {
            withUnsafeMutableBuffer { $0.add(other, activation) }
            return self
        }
        let (a, b) = (self, other)
        return Tensor.operation(of: [a, b], activation.attributes) {
            let (output, saved) = activation.applied(isRecorded: needsSelf || needsOther) { activation in
                let a = a.detached()
                return Tensor(shape: a.shape) { sum in a.withUnsafeBuffer { sum.add(b.detached(), activation, to: $0) }
                }
            }
            guard needsSelf || needsOther else { return output }
            return output.recorded(inputs: [a, b]) { upstream in
                let gradient = activation.gradient(upstream.dense(), saved: saved, summing: false).gradient
                return [needsSelf ? gradient : nil, needsOther ? gradient : nil]
            }
        }
    }
}

extension UnsafeMutableBufferPointer where Element: FloatingScalar {
    /// Adds a tensor to `elements`, or to what is here, and applies an activation, in blocks that stay in the L1 cache
    /// between the two.
    fileprivate func add(
        _ other: Tensor<Element>, _ activation: Activation, to elements: UnsafeBufferPointer<Element>? = nil
    ) {
        let block = 1 << 12
        other.withUnsafeBuffer { more in
            parallelRanges(count, grain: 8 * block) { range in
                for first in stride(from: range.lowerBound, to: range.upperBound, by: block) {
                    let size = Swift.min(block, range.upperBound - first)
                    if let elements {
                        (baseAddress! + first).update(from: elements.baseAddress! + first, count: size)
                    }
                    Element.kernels.bias_activation(
                        1, size, more.baseAddress! + first, activation.kernel,
                        baseAddress! + first)
                }
            }
        }
    }
}
