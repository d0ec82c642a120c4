import CDuctusKernels

/// How a convolution or one of its gradients is computed. All algorithms agree up to rounding.
///
/// ```swift
/// let y = ConvolutionAlgorithm.$forced.withValue(.im2col) { convolution2D(x, weight: w, bias: nil) }
/// ```
public enum ConvolutionAlgorithm: Sendable, CaseIterable {
    /// A 1 × 1 kernel is one matrix product.
    case pointwise
    /// BLAS on tiles of the patch matrix (im2col).
    case im2col
    /// An implicit matrix product that reads pixels in place.
    case direct
    /// Winograd's F(4 × 4, 3 × 3): a quarter of the multiplications, more additions (Lavin and Gray 2015).
    case winograd

    /// The algorithm to use wherever it applies, for tests and benchmarks.
    @TaskLocal public static var forced: ConvolutionAlgorithm?
}

/// The three products of a convolution.
enum ConvolutionProduct {
    case output, inputGradient, weightGradient
}

extension Convolution {
    /// A measured heuristic; `docs/convolution.md` has the timings.
    func algorithm(for product: ConvolutionProduct) -> ConvolutionAlgorithm {
        if let forced = ConvolutionAlgorithm.forced, allows(forced) { return forced }
        if allows(.pointwise) { return .pointwise }
        if allows(.winograd), fillsTiles(atLeast: 0.4) { return .winograd }
        // The direct kernel's tiles need more rows than a first layer has; BLAS does not.
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

    /// Whether a pixel of `channels` channels is a whole number of vectors.
    private func fillsVectors(_ channels: Int) -> Bool {
        channels * MemoryLayout<Scalar>.stride % 32 == 0 && 1...DUCTUS_WINOGRAD_CHANNELS ~= channels
    }

    /// Whether at least this share of the pixels in Winograd's tiles lies inside the output.
    private func fillsTiles(atLeast share: Double) -> Bool {
        let covered = images * winogradTiles.perImage * 16
        return Double(pixels) >= share * Double(covered)
    }
}
