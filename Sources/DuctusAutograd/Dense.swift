import CDuctusKernels

/// `activation(x W + b)` over the last axis.
///
/// Shapes: x `[…, in]`, weight `[in, out]`, bias `[out]` → `[…, out]`.
public func dense<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>?, activation: Activation = .identity
) -> Tensor<Scalar> {
    let (inputs, outputs) = (weight.shape[0], weight.shape[1])
    precondition(
        x.rank > 0 && x.shape[x.rank - 1] == inputs,
        "dense: input is \(x.shape); its last axis must be \(inputs).")
    precondition(
        bias == nil || bias?.shape == [outputs],
        "dense: bias is \(bias?.shape ?? []); it must be \([outputs] as Shape).")
    let plain = x.detached()
    let w = weight.detached()
    var y = plain.matmul(w)
    if bias != nil || activation != .identity {
        let rows = y.count / max(outputs, 1)
        y.withUnsafeMutableBuffer { out in
            withElements(of: bias) { bias in
                parallelRanges(rows, grain: max(1, (1 << 15) / outputs)) {
                    Scalar.kernels.bias_activation(
                        $0.count, outputs, bias, activation.kernel, out.baseAddress! + $0.lowerBound * outputs)
                }
            }
        }
    }
    let (needsInput, needsBias) = (x.isRecorded, bias?.isRecorded == true)
    let output = y
    return output.recorded(inputs: bias.map { [x, weight, $0] } ?? [x, weight]) { upstream in
        let (wide, sums) =
            needsBias
            ? activation.gradientAndSums(upstream, output: output)
            : (activation.gradient(upstream, output: output), nil)
        let gradient = wide.reshaped(to: [-1, outputs])
        let flat = plain.reshaped(to: [-1, inputs])
        return [
            needsInput ? gradient.matmul(w.transposed()).reshaped(to: plain.shape) : nil,
            flat.transposed().matmul(gradient), sums,
        ]
    }
}

/// Calls `body` with the elements of a tensor that may be missing.
func withElements<Scalar: TensorScalar, Result>(
    of tensor: Tensor<Scalar>?, _ body: (UnsafePointer<Scalar>?) throws -> Result
) rethrows -> Result {
    guard let tensor else { return try body(nil) }
    return try tensor.withUnsafeBuffer { try body($0.baseAddress) }
}
