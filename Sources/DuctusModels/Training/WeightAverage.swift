/// An exponential moving average of a network's weights and batch statistics over the steps of a training, which measures
/// better than the weights themselves (Polyak and Juditsky 1992).
///
/// average ← d · average + (1 − d) · weights after every step, d = min(decay, (1 + step) / (10 + step)), so that the first
/// steps are soon forgotten.
public struct WeightAverage: Sendable {
    /// How slowly weights are forgotten, 0 ..< 1: 0.9995 averages about 2,000 steps.
    public let decay: Double
    /// One array for every parameter, those that are not trained included; none before the first step.
    private var values: [Tensor<Float>] = []

    /// An average of nothing yet.
    public init(decay: Double) {
        precondition(decay >= 0 && decay < 1, "WeightAverage: decay is \(decay); it must be at least 0 and below 1.")
        self.decay = decay
    }

    /// Takes in the weights after a step.
    ///
    /// - Parameters:
    ///   - network: always the same one.
    ///   - step: the number of the step, from 1.
    mutating func add(_ network: some Module, step: Int) {
        let weights = network.namedParameters.map { $0.parameter.stored.dense() }
        guard !values.isEmpty else {
            values = weights
            return
        }
        let share = 1 - min(decay, (1 + Double(step)) / (10 + Double(step)))
        withExtendedLifetime(weights) {
            let new = weights.map(\.base)
            let old = values.indices.map { values[$0].withUnsafeMutableBuffer { $0.baseAddress! } }
            Chunk.all(of: weights.map(\.count)).parallelForEach { chunk in
                // Gradient descent on ½ (average − weights)²: the "gradient" is −1 · weights + 1 · average.
                Float.kernels.sgd(
                    chunk.count, old[chunk.array] + chunk.start, new[chunk.array] + chunk.start, nil, share, 0, false,
                    1, -1)
            }
        }
    }

    /// What `body` returns while the network has the averaged weights.
    func applied<Result>(to network: some Module, _ body: () throws -> Result) rethrows -> Result {
        guard !values.isEmpty else { return try body() }
        let parameters = network.namedParameters.map(\.parameter)
        let weights = parameters.map(\.stored)
        for (parameter, average) in zip(parameters, values) { parameter.stored = average }
        defer { for (parameter, own) in zip(parameters, weights) { parameter.stored = own } }
        return try body()
    }

    // MARK: Saving

    /// Adds the average of every parameter to an archive, as `average.NAME`.
    func save(to archive: inout TensorArchive, parameters: [(name: String, parameter: Parameter)]) {
        for ((name, _), average) in zip(parameters, values) { archive.set(Self.prefix + name, to: average) }
    }

    /// - Parameter steps: how many steps the archive is after; before the first there is nothing to load.
    mutating func load(
        from archive: TensorArchive, parameters: [(name: String, parameter: Parameter)], steps: Int
    ) throws {
        values = try (steps > 0 ? parameters : []).map { name, parameter in
            let tensor = try archive.tensor(Self.prefix + name, as: Float.self)
            guard tensor.shape == parameter.shape else {
                throw ArchiveError(
                    archive.path,
                    "\"\(Self.prefix)\(name)\" has shape \(tensor.shape); this training needs \(parameter.shape).")
            }
            return tensor
        }
    }

    private static let prefix = "average."
}
