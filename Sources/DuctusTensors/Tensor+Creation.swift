extension Tensor {
    /// A tensor of `shape` whose elements are `scalars` in row-major order.
    public init(_ scalars: some Collection<Scalar>, shape: Shape) {
        precondition(
            scalars.count == shape.elementCount,
            "Shape \(shape) holds \(shape.elementCount) elements; got \(scalars.count).")
        self.init(shape: shape) { _ = $0.initialize(from: scalars) }
    }

    /// A one-dimensional tensor.
    public init(_ scalars: some Collection<Scalar>) { self.init(scalars, shape: [scalars.count]) }

    /// A tensor without axes.
    public init(_ scalar: Scalar) { self.init(repeating: scalar, shape: []) }

    /// A tensor whose elements are all `value`.
    public init(repeating value: Scalar, shape: Shape) { self.init(shape: shape) { $0.fill(value) } }
}

extension Tensor where Scalar: Numeric {
    public static func zeros(_ shape: Shape) -> Tensor { Tensor(repeating: 0, shape: shape) }
    public static func ones(_ shape: Shape) -> Tensor { Tensor(repeating: 1, shape: shape) }
}

/// What nested array literals of tensors are made of: numbers, or lists of such.
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
                "All rows of a literal have one shape; got \(first.shape) and \(element.shape).")
        }
        var shape = first.shape
        shape.insert(elements.count, at: 0)
        self.init(elements.flatMap(\.scalars), shape: shape)
    }
}

extension Tensor: ExpressibleByIntegerLiteral where Scalar: Numeric & ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Scalar.IntegerLiteralType) { self.init(Scalar(integerLiteral: value)) }
}

extension Tensor: ExpressibleByFloatLiteral where Scalar: FloatingScalar & ExpressibleByFloatLiteral {
    public init(floatLiteral value: Scalar.FloatLiteralType) { self.init(Scalar(floatLiteral: value)) }
}

extension Tensor where Scalar: FloatingScalar {
    /// Every element converted.
    public init(_ other: Tensor<Int32>) {
        self.init(shape: other.shape) { out in
            other.withUnsafeBuffer { for (i, value) in $0.enumerated() { out[i] = Scalar(value) } }
        }
    }

    /// Every element converted. Precision may be lost.
    public init<Other: FloatingScalar>(converting other: Tensor<Other>) {
        self.init(shape: other.shape) { out in
            other.withUnsafeBuffer { for (i, value) in $0.enumerated() { out[i] = Scalar(value) } }
        }
    }
}
