extension Tensor where Scalar: FloatingScalar {
    /// The variance over `axes` (all by default): Σ (x − mean)² / (n − `correction`).
    ///
    /// Correction 0 gives the variance of the elements themselves, 1 the unbiased estimate for the population they are
    /// a sample of.
    ///
    /// ```swift
    /// let x: Tensor<Float> = [1, 2, 3, 4]
    /// print(x.variance(), x.variance(correction: 1))   // 1.25 1.6666666
    /// ```
    public func variance(axes: [Int]? = nil, correction: Int = 0, keepingDimensions: Bool = false) -> Tensor {
        let count = extent(checked(axes))
        let distance = self - mean(axes: axes, keepingDimensions: true)
        // The mean is rounded, so distances have a small mean of their own (Chan, Golub and LeVeque 1983).
        let rest = distance.sum(axes: axes, keepingDimensions: keepingDimensions)
        let squares = distance.squared().sum(axes: axes, keepingDimensions: keepingDimensions)
        return (squares - rest * (rest / Scalar(Swift.max(count, 1)))) / Scalar(Swift.max(count - correction, 0))
    }

    /// The square root of the variance; see ``variance(axes:correction:keepingDimensions:)``. The gradient at equal elements,
    /// where there is none, is 0.
    public func standardDeviation(
        axes: [Int]? = nil, correction: Int = 0, keepingDimensions: Bool = false
    ) -> Tensor {
        let variance = variance(axes: axes, correction: correction, keepingDimensions: keepingDimensions)
        return Tensor.operation(of: [variance]) {
            let deviation = variance.detached().squareRoot()
            return deviation.recorded(from: variance) {
                ($0 / deviation * 0.5).replacing(with: 0, where: deviation .== 0)
            }
        }
    }

    /// The vector norm of order p over `axes` (all by default): (Σ |x|ᵖ)¹ᐟᵖ.
    ///
    /// Order ∞ is the largest |x|, −∞ the smallest, and 0 the number of nonzero elements.
    ///
    /// ```swift
    /// let x: Tensor<Float> = [3, -4]
    /// print(x.norm(), x.norm(1), x.norm(.infinity))   // 5.0 7.0 4.0
    /// ```
    public func norm(_ order: Scalar = 2, axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        switch order {
        case 0:
            return Tensor(1).replacing(with: 0, where: detached() .== 0)
                .sum(axes: axes, keepingDimensions: keepingDimensions)
        case 1: return magnitude().sum(axes: axes, keepingDimensions: keepingDimensions)
        case 2: return euclideanNorm(checked(axes), keepingDimensions)
        case .infinity: return magnitude().max(axes: axes, keepingDimensions: keepingDimensions)
        case -.infinity: return magnitude().min(axes: axes, keepingDimensions: keepingDimensions)
        default:
            return magnitude().power(order).sum(axes: axes, keepingDimensions: keepingDimensions).power(1 / order)
        }
    }

    private func euclideanNorm(_ axes: [Int], _ keepingDimensions: Bool) -> Tensor {
        let result = Tensor.operation("norm", of: [self]) {
            let x = detached()
            let norm = x.squared().sum(axes: axes, keepingDimensions: true).squareRoot()
            // The norm has no derivative at 0; 0 is the subgradient in the middle.
            return norm.recorded(from: self) { x * ($0 / norm).replacing(with: 0, where: norm .== 0) }
        }
        return keepingDimensions ? result : result.reshaped(to: droppedShape(axes))
    }

    /// log Σ eˣ over `axes` (all by default), without overflow or underflow; −∞ for no elements.
    public func logSumExp(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        let reduced = checked(axes)
        guard extent(reduced) > 0 else {
            return Tensor(repeating: -.infinity, shape: reducedShape(reduced, keepingDimensions))
        }
        let top = detached().max(axes: axes, keepingDimensions: true)
        let shift = top.replacing(with: 0, where: .!top.isFinite())
        let result = (self - shift).exp().sum(axes: axes, keepingDimensions: true).log() + shift
        return keepingDimensions ? result : result.reshaped(to: droppedShape(reduced))
    }

    /// The median over `axes` (all by default): the middle element in sorted order, or the mean of the middle two.
    public func median(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        ordered(axes, keepingDimensions) { element, count in
            let (low, high) = (element((count - 1) / 2), element(count / 2))
            return count % 2 == 1 ? low : low * 0.5 + high * 0.5
        }
    }

    /// The quantile at `probability` (0 … 1) over `axes` (all by default), with linear interpolation between elements.
    ///
    /// ```swift
    /// let x: Tensor<Float> = [4, 1, 3, 2]
    /// x.quantile(0.25)   // 1.75
    /// ```
    public func quantile(_ probability: Double, axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        precondition(
            probability >= 0 && probability <= 1, "quantile needs a probability from 0 to 1; got \(probability).")
        return ordered(axes, keepingDimensions) { element, count in
            let position = probability * Double(count - 1)
            let (below, weight) = (Int(position), Scalar(position - position.rounded(.down)))
            let low = element(below)
            guard weight > 0 else { return low }
            let high = element(below + 1)
            let between = weight < 0.5 ? low + (high - low) * weight : high - (high - low) * (1 - weight)
            // Between infinity and a number there is only that infinity.
            let infinite = low.replacing(with: high, where: low.isFinite())
            let isInfinite =
                (.!low.isFinite() .| .!high.isFinite()) .& (low.isFinite() .| high.isFinite() .| (low .== high))
            return between.replacing(with: infinite, where: isInfinite)
        }
    }

    /// The result of `body` for the elements over `axes`, given their number and access to the k-th smallest. NaN if
    /// there is a NaN or no element.
    private func ordered(
        _ axes: [Int]?, _ keepingDimensions: Bool, _ body: ((Int) -> Tensor, Int) -> Tensor
    ) -> Tensor {
        let axes = checked(axes)
        let count = extent(axes)
        let target = reducedShape(axes, keepingDimensions)
        guard count > 0 else { return Tensor(repeating: .nan, shape: target) }
        let sorted = rows(along: axes).sorted()
        let result = body({ sorted.sliced($0..<$0 + 1, axis: -1) }, count)
        let last = sorted.detached().sliced(count - 1..<count, axis: -1)
        return result.replacing(with: .nan, where: last.isNaN()).reshaped(to: target)
    }
}
