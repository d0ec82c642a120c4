extension Tensor where Scalar: FloatingScalar {
    /// The running sums along `axis`: x₀, x₀ + x₁, …, added in double precision.
    ///
    /// ```swift
    /// let x: Tensor<Float> = [1, 2, 3]
    /// x.cumulativeSum(axis: 0)   // [1. 3. 6.]
    /// ```
    public func cumulativeSum(axis: Int) -> Tensor {
        let axis = shape.axis(axis)
        return Tensor.operation(of: [self]) {
            summed(axis, reversed: false).recorded(from: self) { $0.summed(axis, reversed: true) }
        }
    }

    /// The running products along `axis`: x₀, x₀ x₁, …
    ///
    /// ```swift
    /// ([1, 2, 3] as Tensor<Float>).cumulativeProduct(axis: 0)   // [1. 2. 6.]
    /// ```
    public func cumulativeProduct(axis: Int) -> Tensor {
        let axis = shape.axis(axis)
        return Tensor.operation(of: [self]) {
            let x = detached()
            let y = x.multiplied(axis)
            return y.recorded(from: self) { gradient in
                let (a, b, c) = (x.transposed(axis, -1), y.transposed(axis, -1), gradient.transposed(axis, -1))
                return Self.productGradient(a, b, c).transposed(axis, -1)
            }
        }
    }

    /// The differences of adjacent elements along `axis`: x₁ − x₀, x₂ − x₁, … The axis becomes one shorter.
    ///
    /// ```swift
    /// ([1, 4, 9] as Tensor<Float>).difference()   // [3. 5.]
    /// ```
    public func difference(axis: Int = -1) -> Tensor {
        let (later, earlier) = adjacent(axis)
        return later - earlier
    }

    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    private func summed(_ axis: Int, reversed: Bool) -> Tensor {
        scanned(axis) { $0.scan(reversed: reversed, start: 0.0, { $0 + Double($1) }, rounded: { Scalar($0) }) }
    }

    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    private func multiplied(_ axis: Int) -> Tensor { scanned(axis) { $0.scan(start: 1, { $0 * $1 }, rounded: { $0 }) } }

    /// Along the last axis: dxᵢ = yᵢ₋₁ sᵢ with sᵢ = dyᵢ + xᵢ₊₁ sᵢ₊₁, which needs no division and so allows zeros.
    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    private static func productGradient(_ x: Tensor, _ y: Tensor, _ gradient: Tensor) -> Tensor {
        let columns = x.shape[x.rank - 1]
        return Tensor(shape: x.shape) { out in
            withPointers(to: x, y, gradient) { x, y, dy in
                parallelRanges(out.count / Swift.max(1, columns), grain: Swift.max(1, 8192 / Swift.max(1, columns))) {
                    for row in $0 {
                        var rest: Scalar = 0
                        for i in (row * columns..<(row + 1) * columns).reversed() {
                            let isLast = i == (row + 1) * columns - 1
                            rest = isLast ? dy[i] : dy[i] + x[i + 1] * rest
                            out[i] = i == row * columns ? rest : y[i - 1] * rest
                        }
                    }
                }
            }
        }
    }
}

extension Tensor where Scalar: IntegerScalar {
    /// The running sums along `axis`: x₀, x₀ + x₁, … Traps on overflow.
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public func cumulativeSum(axis: Int) -> Tensor<Int32> {
        scanned(shape.axis(axis)) {
            $0.scan(start: 0, { exact($0.addingReportingOverflow(Int32($1)), $0, "+", Int32($1)) }, rounded: { $0 })
        }
    }

    /// The running products along `axis`: x₀, x₀ x₁, … Traps on overflow.
    @_specialize(where Scalar == Int32)
    @_specialize(where Scalar == UInt8)
    public func cumulativeProduct(axis: Int) -> Tensor<Int32> {
        scanned(shape.axis(axis)) {
            $0.scan(
                start: 1, { exact($0.multipliedReportingOverflow(by: Int32($1)), $0, "*", Int32($1)) }, rounded: { $0 })
        }
    }

    /// The differences of adjacent elements along `axis`: x₁ − x₀, x₂ − x₁, … The axis becomes one shorter. Traps on
    /// overflow.
    public func difference(axis: Int = -1) -> Tensor {
        let (later, earlier) = adjacent(axis)
        return later - earlier
    }
}

extension Tensor {
    /// All elements but the first along `axis`, and all but the last.
    private func adjacent(_ axis: Int) -> (later: Tensor, earlier: Tensor) {
        let extent = shape[shape.axis(axis)]
        return (
            sliced(Swift.min(1, extent)..<extent, axis: axis), sliced(0..<Swift.max(0, extent - 1), axis: axis)
        )
    }

    /// The tensor that `body` fills, one block for every position of the axes before `axis`.
    private func scanned<Result>(_ axis: Int, _ body: (ScannedRows<Scalar, Result>) -> Void) -> Tensor<Result> {
        let extent = shape[axis]
        let inner = shape[(axis + 1)...].extentProduct
        return Tensor<Result>(shape: shape) { out in
            guard out.count > 0 else { return }
            withUnsafeBuffer { x in
                let size = extent * inner
                parallelRanges(out.count / size, grain: Swift.max(1, (1 << 15) / size)) {
                    for block in $0 {
                        body(
                            ScannedRows(
                                elements: x.baseAddress! + block * size, result: out.baseAddress! + block * size,
                                rows: extent, columns: inner))
                    }
                }
            }
        }
    }
}

/// Rows to combine one after the other, and where the results go.
private struct ScannedRows<Scalar, Result> {
    let elements: UnsafePointer<Scalar>
    let result: UnsafeMutablePointer<Result>
    let rows: Int
    let columns: Int

    /// yᵢ = rounded(sᵢ) with sᵢ = combine(sᵢ₋₁, xᵢ), starting from `start`; from the end if `reversed`.
    @inline(__always)
    func scan<State>(
        reversed: Bool = false, start: State, _ combine: (State, Scalar) -> State, rounded: (State) -> Result
    ) {
        if columns == 1 {
            var state = start
            for k in 0..<rows {
                let i = reversed ? rows - 1 - k : k
                state = combine(state, elements[i])
                result[i] = rounded(state)
            }
            return
        }
        // As many columns at a time as states stay in the fastest cache. Allocated, since closures are not inlined into that of
        // a temporary allocation.
        let width = Swift.min(columns, 1024)
        let states = UnsafeMutablePointer<State>.allocate(capacity: width)
        defer { states.deallocate() }
        for first in stride(from: 0, to: columns, by: width) {
            let count = Swift.min(width, columns - first)
            states.initialize(repeating: start, count: count)
            for k in 0..<rows {
                let row = (reversed ? rows - 1 - k : k) * columns + first
                let (x, y) = (elements + row, result + row)
                for i in 0..<count {
                    let state = combine(states[i], x[i])
                    states[i] = state
                    y[i] = rounded(state)
                }
            }
        }
    }
}
