import Synchronization

/// The source of initial parameter values: a stream of the process, the same in every run, or that of ``seeded(_:_:)``.
public enum Initialization {
    private final class Source: Sendable {
        let stream: Mutex<RandomStream>
        init(seed: UInt64) { stream = Mutex(RandomStream(seed: seed)) }
    }

    private static let standard = Source(seed: 0)
    @TaskLocal private static var source: Source?
    @TaskLocal private static var isOmitted = false

    /// Builds layers whose initial values depend on `seed` alone.
    ///
    /// ```swift
    /// let network = Initialization.seeded(1) { Sequential { Dense(2, 32, activation: .tanh); Dense(32, 2) } }
    /// ```
    public static func seeded<Result>(_ seed: UInt64, _ build: () throws -> Result) rethrows -> Result {
        try $source.withValue(Source(seed: seed), operation: build)
    }

    /// Builds layers whose values will be loaded, without drawing or storing initial values.
    package static func omitted<Result>(_ build: () throws -> Result) rethrows -> Result {
        try $isOmitted.withValue(true, operation: build)
    }

    /// Values that `draw` takes from the current stream; a placeholder if values will be loaded.
    fileprivate static func drawn(_ shape: Shape, _ draw: (inout RandomStream) -> Tensor<Float>) -> Tensor<Float> {
        if isOmitted { return Tensor(0).broadcast(to: shape) }
        return (source ?? standard).stream.withLock { draw(&$0) }
    }
}

/// A rule for the initial values of a parameter.
///
/// ```swift
/// let weight = Initialization.seeded(1) { Initializer.heNormal.values([3, 3, 16, 32]) }
/// ```
public enum Initializer: Sendable, Equatable {
    /// Uniform within ±√(6 / (inputs + outputs)) (Glorot and Bengio 2010).
    case glorotUniform
    /// Normal with variance 2 / (inputs + outputs) (Glorot and Bengio 2010).
    case glorotNormal
    /// Uniform within ±√(6 / inputs), for rectifiers (He et al. 2015).
    case heUniform
    /// Normal with variance 2 / inputs, for rectifiers (He et al. 2015).
    case heNormal
    /// Uniform within ±`bound`.
    case uniform(bound: Double)
    /// Normal with mean 0.
    case normal(standardDeviation: Double)
    /// Normal with mean 0, truncated at two standard deviations of the untruncated distribution.
    case truncatedNormal(standardDeviation: Double)
    /// `gain` times a uniformly distributed matrix with orthonormal rows or columns, whichever are fewer (Saxe, McClelland
    /// and Ganguli 2014). All axes but the last count as one.
    case orthogonal(gain: Double = 1)

    /// Values for weights in the layout of all layers, `[…, in, out]`, from the stream of
    /// ``Initialization/seeded(_:_:)``.
    ///
    /// - Parameters:
    ///   - shape: the shape of the weights.
    ///   - inputs: the fan-in; that of the shape by default.
    ///   - outputs: the fan-out; that of the shape by default.
    public func values(_ shape: Shape, inputs: Int? = nil, outputs: Int? = nil) -> Tensor<Float> {
        let inputs = Double(inputs ?? shape.dropLast().reduce(1, *))
        let outputs = Double(
            outputs ?? shape.enumerated().reduce(1) { $1.offset == shape.rank - 2 ? $0 : $0 * $1.element })
        return Initialization.drawn(shape) { random in
            func uniform(_ bound: Double) -> Tensor<Float> {
                .uniform(shape, from: Float(-bound), to: Float(bound), using: &random)
            }
            func normal(_ deviation: Double) -> Tensor<Float> {
                .normal(shape, standardDeviation: Float(deviation), using: &random)
            }
            switch self {
            case .glorotUniform: return uniform((6 / (inputs + outputs)).squareRoot())
            case .glorotNormal: return normal((2 / (inputs + outputs)).squareRoot())
            case .heUniform: return uniform((6 / inputs).squareRoot())
            case .heNormal: return normal((2 / inputs).squareRoot())
            case .uniform(let bound): return uniform(bound)
            case .normal(let deviation): return normal(deviation)
            case .truncatedNormal(let deviation):
                return .truncatedNormal(shape, standardDeviation: Float(deviation), using: &random)
            case .orthogonal(let gain): return Self.orthogonal(normal(1)) * Float(gain)
            }
        }
    }

    /// The default rule for weights before an activation: He's for ReLU, GELU, and SiLU, else Glorot's.
    static func usual(before activation: Activation) -> Initializer {
        switch activation {
        case .relu, .gelu, .silu: .heUniform
        case .identity, .tanh, .sigmoid: .glorotUniform
        }
    }

    private static func orthogonal(_ normal: Tensor<Float>) -> Tensor<Float> {
        let shape = normal.shape
        precondition(shape.rank >= 2, "An orthogonal initializer needs at least two axes; the shape is \(shape).")
        guard normal.count > 0 else { return normal }
        let matrix = normal.reshaped(to: [-1, shape[shape.rank - 1]])
        let isWide = matrix.shape[0] <= matrix.shape[1]
        // A second pass removes the rounding errors of the first.
        let rows = orthonormal(orthonormal(isWide ? matrix : matrix.transposed()))
        return (isWide ? rows : rows.transposed()).reshaped(to: shape)
    }

    /// Gram–Schmidt orthonormalization, recursively in halves.
    private static func orthonormal(_ rows: Tensor<Float>) -> Tensor<Float> {
        let count = rows.shape[0]
        if count == 1 { return rows * (1 / rows.squared().sum().item().squareRoot()) }
        let first = orthonormal(rows.sliced(0..<count / 2, axis: 0))
        let others = rows.sliced(count / 2..<count, axis: 0)
        let second = orthonormal(others - others.matmul(first.transposed()).matmul(first))
        return .concatenated([first, second], axis: 0)
    }
}
