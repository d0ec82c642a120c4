/// An exponential moving average of the weights and batch statistics of a network during training, which usually generalizes
/// better than the weights themselves (Polyak and Juditsky 1992).
///
/// average ← d · average + (1 − d) · weights after every step, with d = min(decay, (1 + step) / (10 + step)), so that the
/// initial weights have little influence.
public struct WeightAverage: Sendable {
    /// The decay rate, at least 0 and below 1; 0.9995 averages over about 2,000 steps.
    public let decay: Double
    /// One tensor for every parameter, including those that are not trainable; none before the first step.
    private var values: [Tensor<Float>] = []

    /// An average before the first step.
    public init(decay: Double) {
        precondition(decay >= 0 && decay < 1, "WeightAverage: decay is \(decay); it must be at least 0 and below 1.")
        self.decay = decay
    }

    /// Adds the weights after a step.
    ///
    /// - Parameters:
    ///   - parameters: all parameters of the network, always the same.
    ///   - step: the number of the step, from 1.
    mutating func add(_ parameters: [Parameter], step: Int) {
        let weights = Parameter.values(of: parameters).map { $0.dense() }
        guard !values.isEmpty else {
            values = weights
            return
        }
        let share = 1 - min(decay, (1 + Double(step)) / (10 + Double(step)))
        withExtendedLifetime(weights) {
            let new = weights.map(\.base)
            Tensor.withUnsafeMutablePointers(to: &values) { old in
                Chunk.all(of: weights.map(\.count)).parallelForEach { chunk in
                    // Gradient descent on ½ (average − weights)²: the "gradient" is −1 · weights + 1 · average.
                    Float.kernels.sgd(
                        chunk.count, old[chunk.array] + chunk.start, new[chunk.array] + chunk.start, nil, share, 0,
                        false, 1, -1)
                }
            }
        }
    }

    /// Calls a function in which the network has the averaged weights; in other tasks it keeps its own.
    func applied<Result>(to network: some Module, _ body: () throws -> Result) rethrows -> Result {
        guard !values.isEmpty else { return try body() }
        let parameters = network.namedParameters.map(\.parameter)
        let averages = zip(parameters, values).map { (parameter: $0, value: $1) }
        return try Snapshot(of: network, values: averages)({ _ in try body() })
    }

    // MARK: Saving

    /// Saves the average of every parameter to an archive, as `average.NAME`.
    func save(to archive: inout TensorArchive, parameters: [(name: String, parameter: Parameter)]) {
        for ((name, _), average) in zip(parameters, values) { archive.set(Self.prefix + name, to: average) }
    }

    /// Loads the averages from an archive.
    ///
    /// - Parameters:
    ///   - archive: the archive of a checkpoint.
    ///   - parameters: the parameters of the network by name.
    ///   - steps: the number of steps at the checkpoint; before the first step there are no averages.
    /// - Throws: `ArchiveError` if an average is missing or has another shape.
    mutating func load(
        from archive: TensorArchive, parameters: [(name: String, parameter: Parameter)], steps: Int
    ) throws {
        values = try (steps > 0 ? parameters : []).map { name, parameter in
            let tensor = try archive.tensor(Self.prefix + name, as: Float.self)
            guard tensor.shape == parameter.shape else {
                throw ArchiveError(
                    archive.path,
                    "\"\(Self.prefix)\(name)\" has shape \(tensor.shape); the network needs \(parameter.shape).")
            }
            return tensor
        }
    }

    private static let prefix = "average."
}
