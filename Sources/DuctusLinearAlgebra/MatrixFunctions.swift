extension Tensor where Scalar: FloatingScalar {
    /// The matrix exponential eᴬ = I + A + A²/2! + …, by Padé approximants with scaling and squaring (Higham, *The
    /// Scaling and Squaring Method for the Matrix Exponential Revisited*, 2005).
    ///
    /// Shapes: A `[…, n, n]` → `[…, n, n]`.
    ///
    /// ```swift
    /// try Tensor<Double>([[0, 1], [0, 0]]).matrixExponential()   // [[1. 1.] [0. 1.]]
    /// ```
    /// - Throws: `LinearAlgebraError.notFinite`, also if the sum of the magnitudes of a column is infinite.
    public func matrixExponential() throws(LinearAlgebraError) -> Tensor {
        checkIsSquare("matrixExponential")
        try MatrixStack(copying: self).requireFinite()
        guard count > 0 else { return self }
        return try eachMatrix { (a) throws(LinearAlgebraError) in
            let norm = Double(try a.matrixNorm(.one).item())
            guard norm.isFinite else { throw LinearAlgebraError.notFinite() }
            if let approximant = padeApproximants.first(where: { norm <= $0.bound }) {
                return try a.rationalExponential(approximant.coefficients)
            }
            let (bound, coefficients) = padeApproximants[padeApproximants.count - 1]
            let squarings = Swift.max(0, (norm / bound).exponent + 1)
            let scale = Scalar(sign: .plus, exponent: Scalar.Exponent(-squarings), significand: 1)
            var result = try (a * scale).rationalExponential(coefficients)
            for _ in 0..<squarings { result = result.matmul(result) }
            return result
        }
    }

    /// (V − U)⁻¹ (V + U), with the even part V and the odd part U of Σ cₖ Aᵏ.
    private func rationalExponential(_ coefficients: [Double]) throws(LinearAlgebraError) -> Tensor {
        let c = coefficients.map { Scalar($0) }
        let one = Tensor.eye(shape[0])
        let a2 = matmul(self)
        // Powers A⁰, A², A⁴, A⁶; higher ones result from a final product with A⁶.
        var powers = [one, a2]
        while powers.count < Swift.min(4, (c.count + 1) / 2) { powers.append(powers[powers.count - 1].matmul(a2)) }
        func sum(_ first: Int, _ terms: Range<Int>) -> Tensor {
            terms.reduce(Tensor.zeros(shape)) {
                $0 + powers[$1 - terms.lowerBound + (terms.lowerBound > 0 ? 1 : 0)] * c[first + 2 * $1]
            }
        }
        func polynomial(_ first: Int) -> Tensor {
            let terms = (c.count - first + 1) / 2
            let low = sum(first, 0..<Swift.min(terms, 4))
            return terms <= 4 ? low : low + powers[3].matmul(sum(first, 4..<terms))
        }
        let (v, u) = (polynomial(0), matmul(polynomial(1)))
        return try (v - u).solve(v + u)
    }

    /// The matrix power Aⁿ: the identity for n = 0, a power of A⁻¹ for negative n.
    ///
    /// Shapes: A `[…, n, n]` → `[…, n, n]`.
    ///
    /// ```swift
    /// try Tensor<Double>([[1, 1], [0, 1]]).matrixPower(5)   // [[1. 5.] [0. 1.]]
    /// ```
    /// - Throws: `LinearAlgebraError.singular` or `.notFinite`, only if n is negative.
    public func matrixPower(_ n: Int) throws(LinearAlgebraError) -> Tensor {
        checkIsSquare("matrixPower")
        var base = n < 0 ? try inverse() : self
        var result: Tensor?
        var rest = n.magnitude
        while rest > 0 {
            if rest & 1 == 1 { result = result?.matmul(base) ?? base }
            rest >>= 1
            if rest > 0 { base = base.matmul(base) }
        }
        return result ?? Tensor.eye(shape[rank - 1]).broadcast(to: shape)
    }
}

/// Coefficients of the Padé approximants of the exponential, and the 1-norms up to which each is exact in Double
/// (Higham, table 2.3 and algorithm 2.3).
private let padeApproximants: [(bound: Double, coefficients: [Double])] = [
    (1.495585217958292e-2, [120, 60, 12, 1]),
    (2.539398330063230e-1, [30240, 15120, 3360, 420, 30, 1]),
    (9.504178996162932e-1, [17_297_280, 8_648_640, 1_995_840, 277_200, 25200, 1512, 56, 1]),
    (
        2.097847961257068,
        [17_643_225_600, 8_821_612_800, 2_075_673_600, 302_702_400, 30_270_240, 2_162_160, 110_880, 3960, 90, 1]
    ),
    (
        5.371920351148152,
        [
            64_764_752_532_480_000, 32_382_376_266_240_000, 7_771_770_303_897_600, 1_187_353_796_428_800,
            129_060_195_264_000, 10_559_470_521_600, 670_442_572_800, 33_522_128_640, 1_323_241_920, 40_840_800,
            960_960, 16380, 182, 1,
        ]
    ),
]
