import CDuctusKernels

/// `activation(x W + b)` over the last axis.
///
/// Shapes: x `[…, in]`, weight `[in, out]`, bias `[out]` → `[…, out]`.
public func dense<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>?, activation: Activation = .identity
) -> Tensor<Scalar> {
    dense(x, weight: weight, bias: bias, activation: activation, packed: PackedWeights())
}

/// The same, with weights that may already be packed.
@_specialize(where Scalar == Float)
package func dense<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, weight: Tensor<Scalar>, bias: Tensor<Scalar>?, activation: Activation,
    packed: PackedWeights<Scalar>
) -> Tensor<Scalar> {
    precondition(weight.rank == 2, "dense: weight is \(weight.shape); it must be [in, out].")
    let (inputs, outputs) = (weight.shape[0], weight.shape[1])
    precondition(
        x.rank > 0 && x.shape[x.rank - 1] == inputs,
        "dense: input is \(x.shape); its last axis must be \(inputs).")
    precondition(
        bias == nil || bias?.shape == [outputs],
        "dense: bias is \(bias?.shape ?? []); it must be \([outputs] as Shape).")
    func operands() -> [Tensor<Scalar>] { bias.map { [x, weight, $0] } ?? [x, weight] }
    return Tensor.operation(of: operands(), activation.attributes) {
        let (plain, w) = (x.detached().dense(), weight.detached())
        let panels = packed(.panels) { w.packedPanels() }
        let (needsInput, needsWeight, needsBias) = (x.isRecorded, weight.isRecorded, bias?.isRecorded == true)
        let isRecorded = needsInput || needsWeight || needsBias
        let (output, saved) = activation.applied(isRecorded: isRecorded) {
            product(plain, panels, depth: inputs, columns: outputs, bias: bias?.detached(), activation: $0)
        }
        Observation.observer?.didMultiply(output.count * inputs)
        guard isRecorded else { return output }
        let hasBias = bias != nil
        return output.recorded(inputs: operands()) { upstream in
            let (wide, sums) = activation.gradient(upstream.dense(), saved: saved, summing: needsBias)
            let rows = plain.shape.replacingLast(with: 1).elementCount
            let gradient = wide.reshaped(to: [rows, outputs])
            let flat = plain.reshaped(to: [rows, inputs])
            let turned = needsInput ? w.packedPanels(transposed: true) : nil
            let products: [Tensor<Scalar>?] = [
                turned.map { product(gradient, $0, depth: outputs, columns: inputs).reshaped(to: plain.shape) },
                needsWeight ? flat.transposed().matmul(gradient) : nil,
            ]
            return hasBias ? products + [sums] : products
        }
    }
}

/// The rows of a contiguous `x` times a packed matrix.
func product<Scalar: FloatingScalar>(
    _ x: Tensor<Scalar>, _ panels: Tensor<Scalar>, depth: Int, columns: Int, bias: Tensor<Scalar>? = nil,
    activation: Activation = .identity
) -> Tensor<Scalar> {
    let rows = x.shape.replacingLast(with: 1).elementCount
    return Tensor(shape: x.shape.replacingLast(with: columns)) { out in
        withElements(of: bias) { bias in
            x.withUnsafeBuffer { x in
                guard let x = x.baseAddress, let out = out.baseAddress else { return }
                multiply(
                    rows: rows, depth: depth, columns: columns, x, packed: panels, bias: bias, activation: activation,
                    into: out)
            }
        }
    }
}

/// Calls `body` with the elements of an optional tensor.
func withElements<Scalar: TensorScalar, Result>(
    of tensor: Tensor<Scalar>?, _ body: (UnsafePointer<Scalar>?) throws -> Result
) rethrows -> Result {
    guard let tensor else { return try body(nil) }
    return try tensor.withUnsafeBuffer { try body($0.baseAddress) }
}
