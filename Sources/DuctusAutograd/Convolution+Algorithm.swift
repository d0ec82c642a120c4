import CDuctusKernels

/// How a convolution, or one of its gradients, is computed. All give the same result up to rounding.
///
/// ```swift
/// let y = ConvolutionAlgorithm.$forced.withValue(.im2col) { convolution2D(x, weight: w, bias: nil) }
/// ```
public enum ConvolutionAlgorithm: Sendable, CaseIterable {
    /// A 1 × 1 kernel is one matrix product.
    case pointwise
    /// Tiles of the patch matrix (im2col), each multiplied by BLAS.
    case im2col
    /// An implicit matrix product that reads pixels where they lie.
    case direct
    /// Winograd's F(4 × 4, 3 × 3): a quarter of the products, more additions.
    case winograd

    /// The algorithm to use wherever it can be, for tests and measurements.
    @TaskLocal public static var forced: ConvolutionAlgorithm?
}

/// The three products of a convolution.
enum ConvolutionProduct {
    case output, inputGradient, weightGradient
}

extension Convolution {
    /// The measured rule; `docs/convolution.md` has the figures.
    func algorithm(for product: ConvolutionProduct) -> ConvolutionAlgorithm {
        if let forced = ConvolutionAlgorithm.forced, allows(forced) { return forced }
        if allows(.pointwise) { return .pointwise }
        if allows(.winograd), fillsTiles(atLeast: 0.4) { return .winograd }
        // Too few rows for the direct kernel's tiles, as in a first layer: BLAS sums the patches.
        if product == .weightGradient, window.reduction < 9 { return .im2col }
        return .direct
    }

    private func allows(_ algorithm: ConvolutionAlgorithm) -> Bool {
        switch algorithm {
        case .pointwise: window.kernel == 1 && window.stride == 1 && window.paddedInput == window.input
        case .im2col, .direct: true
        case .winograd:
            window.kernel == 3 && window.stride == 1 && fillsVectors(window.channels) && fillsVectors(outputs)
        }
    }

    /// Whether pixels of so many channels are whole vectors.
    private func fillsVectors(_ channels: Int) -> Bool {
        channels * MemoryLayout<Scalar>.stride % 32 == 0 && 1...DUCTUS_WINOGRAD_CHANNELS ~= channels
    }

    /// Whether at least this share of the pixels that Winograd's tiles cover exists.
    private func fillsTiles(atLeast share: Double) -> Bool {
        let covered = images * winogradTiles.perImage * 16
        return Double(pixels) >= share * Double(covered)
    }
}
