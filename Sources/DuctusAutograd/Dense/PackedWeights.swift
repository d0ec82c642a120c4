import CDuctusKernels

/// Weights in the layouts that kernels read. Each layout is made on first use and cached, so that inference packs the
/// weights once.
package final class PackedWeights<Scalar: FloatingScalar>: Sendable {
    enum Layout {
        /// Panels of columns, for `multiply`.
        case panels
        /// The transforms of 3 × 3 filters.
        case winograd
    }
    private let kept = Locked<(panels: Tensor<Scalar>?, winograd: Tensor<Scalar>?)>((nil, nil))

    package init() {}

    func callAsFunction(_ layout: Layout, _ make: () -> Tensor<Scalar>) -> Tensor<Scalar> {
        if let known = kept.withLock({ layout == .panels ? $0.panels : $0.winograd }) { return known }
        let made = make()
        kept.withLock { kept in
            switch layout {
            case .panels: kept.panels = made
            case .winograd: kept.winograd = made
            }
        }
        return made
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// This matrix (all axes but the last count as rows) or its transpose, in panels for `multiply`.
    func packedPanels(transposed: Bool = false) -> Tensor {
        let (rows, columns) = (count / Swift.max(shape[rank - 1], 1), shape[rank - 1])
        let (depth, width) = transposed ? (columns, rows) : (rows, columns)
        return Tensor(shape: [Scalar.kernels.packed_count(depth, width)]) { out in
            withUnsafeBuffer { w in
                guard let w = w.baseAddress, let out = out.baseAddress else { return }
                // Whole panels per task.
                let panels = Swift.max(1, (1 << 17) / Swift.max(depth, 1) / DUCTUS_PANEL_COLUMNS)
                parallelRanges(width, grain: panels * DUCTUS_PANEL_COLUMNS) { range in
                    Scalar.kernels.pack(
                        depth, range.count, w + range.lowerBound * (transposed ? columns : 1),
                        transposed ? 1 : columns, transposed ? columns : 1, out + range.lowerBound * depth)
                }
            }
        }
    }
}

/// y ← activation(x W + bias) with packed W; if `adds`, y ← activation(y + x W + bias).
///
/// The work is split into blocks of rows, or of columns if there are few rows. No sum is split, so the result does not
/// depend on the blocks.
func multiply<Scalar: FloatingScalar>(
    rows: Int, depth: Int, columns: Int, _ x: UnsafePointer<Scalar>, packed: Tensor<Scalar>,
    bias: UnsafePointer<Scalar>? = nil, activation: Activation = .identity, adds: Bool = false,
    into y: UnsafeMutablePointer<Scalar>
) {
    packed.withUnsafeBuffer { w in
        guard let w = w.baseAddress, rows > 0, columns > 0 else { return }
        let kernels = Scalar.kernels
        let work = rows * depth * columns
        if work < 1 << 17 {
            kernels.multiply(rows, depth, columns, x, depth, w, bias, activation.kernel, adds, y, columns)
        } else if rows <= 24 {
            parallelRanges(columns, grain: 4 * DUCTUS_PANEL_COLUMNS) { range in
                kernels.multiply(
                    rows, depth, range.count, x, depth, w + range.lowerBound * depth,
                    bias.map { $0 + range.lowerBound },
                    activation.kernel, adds, y + range.lowerBound, columns)
            }
        } else {
            let blocks = (rows + 95) / 96
            let grain = ((rows + blocks - 1) / blocks + 5) / 6 * 6
            parallelRanges(rows, grain: rows <= 96 ? (rows + 1) / 2 : grain) { range in
                kernels.multiply(
                    range.count, depth, columns, x + range.lowerBound * depth, depth, w, bias, activation.kernel, adds,
                    y + range.lowerBound * columns, columns)
            }
        }
    }
}
