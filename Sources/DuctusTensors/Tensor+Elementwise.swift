import CDuctusKernels

/// Elements handed to one task of an elementwise operation; fixed, so that results do not depend on the threads.
private let elementGrain = 1 << 15

extension Tensor where Scalar: FloatingScalar {
    private func mapped(_ operation: ductus_unary) -> Tensor {
        Tensor(shape: shape) { out in
            withUnsafeBuffer { input in
                parallelRanges(input.count, grain: elementGrain) { range in
                    Scalar.kernels.unary(
                        operation, range.count, input.baseAddress! + range.lowerBound,
                        out.baseAddress! + range.lowerBound)
                }
            }
        }
    }

    /// eˣ
    public func exp() -> Tensor {
        let y = mapped(DUCTUS_EXP)
        return y.recorded(from: self) { $0 * y }
    }

    /// The natural logarithm.
    public func log() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_LOG).recorded(from: self) { $0 / x }
    }

    /// The hyperbolic tangent.
    public func tanh() -> Tensor {
        let y = mapped(DUCTUS_TANH)
        return y.recorded(from: self) { $0.combined(y, DUCTUS_TANH_GRADIENT) }
    }

    /// 1 / (1 + e⁻ˣ)
    public func sigmoid() -> Tensor {
        let y = mapped(DUCTUS_SIGMOID)
        return y.recorded(from: self) { $0.combined(y, DUCTUS_SIGMOID_GRADIENT) }
    }

    /// max(x, 0)
    public func relu() -> Tensor {
        let y = mapped(DUCTUS_RELU)
        return y.recorded(from: self) { $0.combined(y, DUCTUS_RELU_GRADIENT) }
    }

    /// x Φ(x), Φ the distribution function of the standard normal distribution: the Gaussian error linear unit
    /// (Hendrycks and Gimpel 2016), exact rather than by tanh.
    public func gelu() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_GELU).recorded(from: self) { $0.combined(x, DUCTUS_GELU_GRADIENT) }
    }

    /// √x
    public func squareRoot() -> Tensor {
        let y = mapped(DUCTUS_SQRT)
        return y.recorded(from: self) { $0 / y * 0.5 }
    }

    /// x²
    public func squared() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_SQUARE).recorded(from: self) { $0 * x * 2 }
    }

    /// |x|; the derivative at 0 is 0.
    public func magnitude() -> Tensor {
        let x = detached()
        return mapped(DUCTUS_ABSOLUTE).recorded(from: self) { $0.combined(x, DUCTUS_ABSOLUTE_GRADIENT) }
    }

    public static prefix func - (x: Tensor) -> Tensor { x.mapped(DUCTUS_NEGATE).recorded(from: x) { -$0 } }
}

// MARK: - Arithmetic with broadcasting

extension Tensor where Scalar: FloatingScalar {
    public static func + (a: Tensor, b: Tensor) -> Tensor {
        let (m, n) = (a.shape, b.shape)
        return a.combined(b, DUCTUS_ADD).recorded(inputs: [a, b]) {
            [$0.unbroadcast(to: m), $0.unbroadcast(to: n)]
        }
    }

    public static func - (a: Tensor, b: Tensor) -> Tensor {
        let (m, n) = (a.shape, b.shape)
        return a.combined(b, DUCTUS_SUBTRACT).recorded(inputs: [a, b]) {
            [$0.unbroadcast(to: m), b.isRecorded ? -$0.unbroadcast(to: n) : nil]
        }
    }

    public static func * (a: Tensor, b: Tensor) -> Tensor {
        let (x, y) = (a.detached(), b.detached())
        let (needsA, needsB) = (a.isRecorded, b.isRecorded)
        return x.combined(y, DUCTUS_MULTIPLY).recorded(inputs: [a, b]) {
            [needsA ? ($0 * y).unbroadcast(to: x.shape) : nil, needsB ? ($0 * x).unbroadcast(to: y.shape) : nil]
        }
    }

    public static func / (a: Tensor, b: Tensor) -> Tensor {
        let divisor = b.detached()
        let quotient = a.combined(b, DUCTUS_DIVIDE)
        let (shape, needsB) = (a.shape, b.isRecorded)
        return quotient.recorded(inputs: [a, b]) {
            let scaled = $0 / divisor
            return [
                scaled.unbroadcast(to: shape), needsB ? -(scaled * quotient).unbroadcast(to: divisor.shape) : nil,
            ]
        }
    }

    @_disfavoredOverload
    public static func + (a: Tensor, b: Scalar) -> Tensor { a + Tensor(b) }
    @_disfavoredOverload
    public static func - (a: Tensor, b: Scalar) -> Tensor { a - Tensor(b) }
    @_disfavoredOverload
    public static func * (a: Tensor, b: Scalar) -> Tensor { a * Tensor(b) }
    @_disfavoredOverload
    public static func / (a: Tensor, b: Scalar) -> Tensor { a / Tensor(b) }
    @_disfavoredOverload
    public static func + (a: Scalar, b: Tensor) -> Tensor { Tensor(a) + b }
    @_disfavoredOverload
    public static func - (a: Scalar, b: Tensor) -> Tensor { Tensor(a) - b }
    @_disfavoredOverload
    public static func * (a: Scalar, b: Tensor) -> Tensor { Tensor(a) * b }
    @_disfavoredOverload
    public static func / (a: Scalar, b: Tensor) -> Tensor { Tensor(a) / b }

    public static func += (a: inout Tensor, b: Tensor) {
        guard !a.isRecorded, !b.isRecorded, a.shape == b.shape else {
            a = a + b
            return
        }
        b.withUnsafeBuffer { more in
            a.withUnsafeMutableBuffer { sum in
                parallelRanges(sum.count, grain: elementGrain) { range in
                    Scalar.kernels.axpby(
                        range.count, 1, more.baseAddress! + range.lowerBound, 1, sum.baseAddress! + range.lowerBound)
                }
            }
        }
    }

    /// The larger of two elements, one by one. Not differentiable.
    public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
        precondition(!a.isRecorded && !b.isRecorded, "maximum has no gradient.")
        return a.combined(b, DUCTUS_MAXIMUM)
    }

    /// The smaller of two elements, one by one. Not differentiable.
    public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor {
        precondition(!a.isRecorded && !b.isRecorded, "minimum has no gradient.")
        return a.combined(b, DUCTUS_MINIMUM)
    }

    /// Applies a kernel to pairs of elements, broadcasting. The result is not recorded.
    package func combined(_ other: Tensor, _ operation: ductus_binary) -> Tensor {
        if shape == other.shape || other.count == 1 && other.rank <= rank {
            return Tensor(shape: shape) { out in
                withUnsafeBuffer { a in
                    other.withUnsafeBuffer { b in
                        let step = b.count == a.count ? 1 : 0
                        parallelRanges(a.count, grain: elementGrain) { range in
                            Scalar.kernels.binary(
                                operation, range.count, a.baseAddress! + range.lowerBound, 1,
                                b.baseAddress! + range.lowerBound * step, step,
                                out.baseAddress! + range.lowerBound)
                        }
                    }
                }
            }
        }
        let target = Shape.broadcast(shape, other.shape)
        let (a, b) = (broadcast(to: target), other.broadcast(to: target))
        let inner = target.last ?? 1
        let (stepA, stepB) = target.isEmpty ? (0, 0) : (a.strides[target.rank - 1], b.strides[target.rank - 1])
        return Tensor(shape: target) { out in
            guard out.count > 0 else { return }
            withExtendedLifetime((a.storage, b.storage)) {
                parallelRanges(out.count / inner, grain: Swift.max(1, elementGrain / inner)) { rows in
                    for row in rows {
                        var (rest, offsetA, offsetB) = (row, 0, 0)
                        for axis in (0..<target.rank - 1).reversed() {
                            let (quotient, index) = rest.quotientAndRemainder(dividingBy: target[axis])
                            rest = quotient
                            offsetA += index * a.strides[axis]
                            offsetB += index * b.strides[axis]
                        }
                        Scalar.kernels.binary(
                            operation, inner, a.base + offsetA, stepA, b.base + offsetB, stepB,
                            out.baseAddress! + row * inner)
                    }
                }
            }
        }
    }
}
