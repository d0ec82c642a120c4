import Synchronization

/// Where the first values of parameters come from.
public enum Initialization {
    private final class Source: Sendable {
        let stream: Mutex<RandomStream>
        init(seed: UInt64) { stream = Mutex(RandomStream(seed: seed)) }
    }

    private static let standard = Source(seed: 0)
    @TaskLocal private static var source: Source?
    @TaskLocal private static var isOmitted = false

    /// Builds layers whose first values follow from `seed` alone.
    public static func seeded<Result>(_ seed: UInt64, _ build: () throws -> Result) rethrows -> Result {
        try $source.withValue(Source(seed: seed), operation: build)
    }

    /// Builds layers whose values will be loaded: no random numbers, and no memory for what is replaced anyway.
    package static func omitted<Result>(_ build: () throws -> Result) rethrows -> Result {
        try $isOmitted.withValue(true, operation: build)
    }

    /// Glorot and Bengio 2010: uniform within ±√(6 / (in + out)).
    static func glorot(_ shape: Shape, inputs: Int, outputs: Int) -> Tensor<Float> {
        uniform(shape, bound: (6 / Double(inputs + outputs)).squareRoot())
    }

    /// He et al. 2015, for rectifiers: uniform within ±√(6 / in).
    static func he(_ shape: Shape, inputs: Int) -> Tensor<Float> {
        uniform(shape, bound: (6 / Double(inputs)).squareRoot())
    }

    static func uniform(_ shape: Shape, bound: Double) -> Tensor<Float> {
        if isOmitted { return Tensor(0).broadcast(to: shape) }
        return (source ?? standard).stream.withLock {
            .uniform(shape, from: Float(-bound), to: Float(bound), using: &$0)
        }
    }
}
