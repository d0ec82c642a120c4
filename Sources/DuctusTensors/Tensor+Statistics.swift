extension Tensor where Scalar: FloatingScalar {
    /// The mean squared distance from the mean, over `axes` (all, unless named).
    ///
    /// `correction` is subtracted from the number of elements: 0 gives the variance of these elements, 1 estimates that of
    /// what they are a sample of.
    ///
    /// ```swift
    /// let x: Tensor<Float> = [1, 2, 3, 4]
    /// print(x.variance(), x.variance(correction: 1))   // 1.25 1.6666666
    /// ```
    public func variance(axes: [Int]? = nil, correction: Int = 0, keepingDimensions: Bool = false) -> Tensor {
        let freedom = Swift.max(extent(checked(axes)) - correction, 0)
        let distance = self - mean(axes: axes, keepingDimensions: true)
        return distance.squared().sum(axes: axes, keepingDimensions: keepingDimensions) / Scalar(freedom)
    }

    /// The square root of the variance; see ``variance(axes:correction:keepingDimensions:)``.
    public func standardDeviation(
        axes: [Int]? = nil, correction: Int = 0, keepingDimensions: Bool = false
    ) -> Tensor {
        variance(axes: axes, correction: correction, keepingDimensions: keepingDimensions).squareRoot()
    }

    /// The norm of the elements over `axes` (all, unless named), as of a vector: (Σ |x|ᵖ)¹ᐟᵖ for the order p.
    ///
    /// Order ∞ is the largest |x|, −∞ the smallest, 0 the number of elements that are not 0.
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
        let x = detached()
        let norm = x.squared().sum(axes: axes, keepingDimensions: true).squareRoot()
        // At 0 there is no slope; 0 is the one in the middle.
        let result = norm.recorded(from: self) { x * ($0 / norm).replacing(with: 0, where: norm .== 0) }
        return keepingDimensions ? result : result.reshaped(to: droppedShape(axes))
    }

    /// log Σ eˣ over `axes` (all, unless named), without leaving the range of the type.
    public func logSumExp(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        let top = detached().max(axes: axes, keepingDimensions: true)
        let shift = top.replacing(with: 0, where: .!top.isFinite())
        let result = (self - shift).exp().sum(axes: axes, keepingDimensions: true).log() + shift
        return keepingDimensions ? result : result.reshaped(to: droppedShape(checked(axes)))
    }

    /// The element in the middle of the order over `axes` (all, unless named), or the mean of the two there.
    public func median(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        ordered(axes, keepingDimensions) { element, count in
            let (low, high) = (element((count - 1) / 2), element(count / 2))
            return count % 2 == 1 ? low : (low + high) * 0.5
        }
    }

    /// What a part (0 … 1) of the elements over `axes` (all, unless named) does not exceed: between two elements, the
    /// straight line.
    ///
    /// ```swift
    /// let x: Tensor<Float> = [4, 1, 3, 2]
    /// x.quantile(0.25)   // 1.75
    /// ```
    public func quantile(_ part: Double, axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
        precondition(part >= 0 && part <= 1, "quantile takes a part from 0 to 1; got \(part).")
        return ordered(axes, keepingDimensions) { element, count in
            let position = part * Double(count - 1)
            let (below, weight) = (Int(position), Scalar(position - position.rounded(.down)))
            let low = element(below)
            guard weight > 0 else { return low }
            let high = element(below + 1)
            return weight < 0.5 ? low + (high - low) * weight : high - (high - low) * (1 - weight)
        }
    }

    /// What `body` makes of the elements over `axes`, given the k-th smallest and their number. "Not a number" if there
    /// is one, or none at all.
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
