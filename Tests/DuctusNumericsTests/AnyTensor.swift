import DuctusLinearAlgebra

/// A tensor whose element type is known only at run time.
enum AnyTensor: Sendable {
    case float(Tensor<Float>)
    case double(Tensor<Double>)
    case int32(Tensor<Int32>)
    case uint8(Tensor<UInt8>)
    case bool(Tensor<Bool>)

    /// The tensor, if its elements have this type.
    func of<Scalar: TensorScalar>(_ type: Scalar.Type = Scalar.self) throws -> Tensor<Scalar> {
        let tensor: Any =
            switch self {
            case .float(let x): x
            case .double(let x): x
            case .int32(let x): x
            case .uint8(let x): x
            case .bool(let x): x
            }
        guard let tensor = tensor as? Tensor<Scalar> else { throw CaseError("\(self) is not of \(type)") }
        return tensor
    }

    init<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>) throws {
        switch tensor as Any {
        case let x as Tensor<Float>: self = .float(x)
        case let x as Tensor<Double>: self = .double(x)
        case let x as Tensor<Int32>: self = .int32(x)
        case let x as Tensor<UInt8>: self = .uint8(x)
        case let x as Tensor<Bool>: self = .bool(x)
        default: throw CaseError("\(Scalar.self) is no type of a case")
        }
    }

    var shape: Shape {
        switch self {
        case .float(let x): x.shape
        case .double(let x): x.shape
        case .int32(let x): x.shape
        case .uint8(let x): x.shape
        case .bool(let x): x.shape
        }
    }

    /// How far this is from `expected`, in units of the type's epsilon and relative to |expected| + the mean of
    /// |expected|; 0 if equal, infinite if shape or type differ.
    func error(from expected: AnyTensor) -> Double {
        guard shape == expected.shape else { return .infinity }
        return switch (self, expected) {
        case (.float(let a), .float(let b)): relativeError(a, b)
        case (.double(let a), .double(let b)): relativeError(a, b)
        case (.int32(let a), .int32(let b)): a == b ? 0 : .infinity
        case (.uint8(let a), .uint8(let b)): a == b ? 0 : .infinity
        case (.bool(let a), .bool(let b)): a == b ? 0 : .infinity
        default: .infinity
        }
    }
}

private func relativeError<Scalar: FloatingScalar>(_ actual: Tensor<Scalar>, _ expected: Tensor<Scalar>) -> Double {
    let sizes = expected.scalars.map { abs(Double($0)) }.filter(\.isFinite)
    let typical = sizes.isEmpty ? 0 : sizes.reduce(0, +) / Double(sizes.count)
    var worst = 0.0
    for (a, b) in zip(actual.scalars, expected.scalars) where a != b && !(a.isNaN && b.isNaN) {
        guard a.isFinite && b.isFinite else { return .infinity }
        worst = max(worst, abs(Double(a) - Double(b)) / (abs(Double(b)) + typical))
    }
    return worst / Double(Scalar.ulpOfOne)
}

/// A case that cannot be computed: an error in the test.
struct CaseError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
