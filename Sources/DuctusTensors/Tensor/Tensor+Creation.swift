extension Tensor {
    /// A tensor of the given shape with `scalars` in row-major order.
    ///
    /// ```swift
    /// Tensor<Int32>([1, 2, 3, 4, 5, 6], shape: [2, 3])   // [[1 2 3] [4 5 6]]
    /// ```
    public init(_ scalars: some Collection<Scalar>, shape: Shape) {
        precondition(
            scalars.count == shape.elementCount,
            "Shape \(shape) holds \(shape.elementCount) elements; got \(scalars.count).")
        self.init(shape: shape) { _ = $0.initialize(from: scalars) }
    }

    /// A one-dimensional tensor.
    public init(_ scalars: some Collection<Scalar>) { self.init(scalars, shape: [scalars.count]) }

    /// A matrix of variables: `Tensor([[a, b], [c, d]])`. A literal of numbers needs no initializer.
    @_disfavoredOverload
    public init(_ rows: [[Scalar]]) {
        let columns = rows.first?.count ?? 0
        for (number, row) in rows.enumerated() {
            precondition(
                row.count == columns,
                "All rows of a matrix must have one length; row 0 has \(columns) elements and row \(number) has \(row.count)."
            )
        }
        self.init(rows.flatMap { $0 }, shape: [rows.count, columns])
    }

    /// A zero-dimensional tensor.
    public init(_ scalar: Scalar) { self.init(repeating: scalar, shape: []) }

    /// A tensor whose elements are all `value`.
    public init(repeating value: Scalar, shape: Shape) { self.init(shape: shape) { $0.fill(value) } }
}

extension Tensor where Scalar: Numeric {
    /// A tensor whose elements are all 0.
    public static func zeros(_ shape: Shape) -> Tensor { Tensor(repeating: 0, shape: shape) }

    /// A tensor whose elements are all 1.
    public static func ones(_ shape: Shape) -> Tensor { Tensor(repeating: 1, shape: shape) }
}

extension Tensor where Scalar: IntegerScalar {
    /// `start`, `start + step`, … up to but not including `end`.
    ///
    /// ```swift
    /// Tensor<Int32>.arange(0, 10, step: 3)   // [0 3 6 9]
    /// ```
    public static func arange(_ start: Scalar, _ end: Scalar, step: Scalar = 1) -> Tensor {
        precondition(step != 0, "arange needs a step other than 0.")
        return Tensor(stride(from: Int(start), to: Int(end), by: Int(step)).map { Scalar($0) })
    }

    /// 0, 1, … up to but not including `end`.
    public static func arange(_ end: Scalar) -> Tensor { arange(0, end) }
}

extension Tensor where Scalar: FloatingScalar {
    /// `start`, `start + step`, … up to but not including `end`. Rounding may decide whether there is one element more;
    /// use ``linspace(_:_:count:)`` for a definite number.
    ///
    /// ```swift
    /// Tensor<Float>.arange(0, 1, step: 0.25)   // [0.   0.25 0.5  0.75]
    /// ```
    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    public static func arange(_ start: Scalar, _ end: Scalar, step: Scalar = 1) -> Tensor {
        let steps = ((end - start) / step).rounded(.up)
        precondition(steps.isFinite, "arange from \(start) to \(end) by \(step) has no end.")
        guard let count = Int(exactly: Swift.max(0, steps)) else {
            preconditionFailure(
                "arange from \(start) to \(end) by \(step) has \(steps) elements; there can be at most \(Int.max).")
        }
        return Tensor(shape: [count]) { out in
            for i in 0..<out.count { out[i] = start + Scalar(i) * step }
        }
    }

    /// 0, 1, … up to but not including `end`.
    public static func arange(_ end: Scalar) -> Tensor { arange(0, end) }

    /// `count` evenly spaced numbers from `first` to `last`, both included.
    ///
    /// ```swift
    /// Tensor<Float>.linspace(0, 1, count: 5)   // [0.   0.25 0.5  0.75 1.  ]
    /// ```
    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    public static func linspace(_ first: Scalar, _ last: Scalar, count: Int) -> Tensor {
        precondition(count >= 0, "linspace needs a nonnegative count; got \(count).")
        let (start, step) = (Double(first), (Double(last) - Double(first)) / Double(Swift.max(count - 1, 1)))
        return Tensor(shape: [count]) { out in
            for i in 0..<out.count { out[i] = Scalar(start + Double(i) * step) }
            if count > 1 { out[count - 1] = last }
        }
    }
}

/// Nested array literals, whose elements are numbers, or tensors or literals of one shape.
extension Tensor: ExpressibleByArrayLiteral {
    /// Stacks equal-shaped tensors along a new first axis: `[[1, 2], [3, 4]]`.
    public init(arrayLiteral elements: Tensor...) {
        guard let first = elements.first else {
            self.init([Scalar](), shape: [0])
            return
        }
        for element in elements {
            precondition(
                element.shape == first.shape,
                "All rows of a literal must have one shape; got \(first.shape) and \(element.shape).")
        }
        guard !elements.contains(where: { $0.isRecorded }) else {
            self = .stacked(elements)
            return
        }
        var shape = first.shape
        shape.insert(elements.count, at: 0)
        self.init(elements.flatMap(\.scalars), shape: shape)
    }
}

extension Tensor: ExpressibleByIntegerLiteral where Scalar: Numeric & ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Scalar.IntegerLiteralType) { self.init(Scalar(integerLiteral: value)) }
}

extension Tensor: ExpressibleByBooleanLiteral where Scalar == Bool {
    public init(booleanLiteral value: Bool) { self.init(value) }
}

// Implicitly unwrapped, never nil: the compiler ranks these last, so that `x * .nan` means the number.
extension Tensor where Scalar: FloatingScalar {
    /// NaN without axes, for literals such as `[1, .nan]`.
    @_disfavoredOverload
    public static var nan: Tensor! { Tensor(Scalar.nan) }

    /// Infinity without axes, for literals such as `[-.infinity, .infinity]`.
    @_disfavoredOverload
    public static var infinity: Tensor! { Tensor(Scalar.infinity) }
}

extension Tensor: ExpressibleByFloatLiteral where Scalar: FloatingScalar & ExpressibleByFloatLiteral {
    public init(floatLiteral value: Scalar.FloatLiteralType) { self.init(Scalar(floatLiteral: value)) }
}
