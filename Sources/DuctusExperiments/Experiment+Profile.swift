extension Experiment {
    /// Measures what training steps and inference of the network cost, on batches of the first training samples, the only ones
    /// that are read; see `Model.profile`.
    ///
    /// - Parameter batches: the number of batches.
    /// - Throws: `ConfigurationError`, `DatasetError`, `TrainingError`, or a file error.
    public func profile(batches: Int = 1) throws -> ModelProfile {
        let plan = try plan(Preparation(rehearsing: self, batches: batches))
        func profile(_ network: some ConfigurableNetwork) throws -> ModelProfile {
            var model = Model(network, loss: plan.loss, optimizer: try optimizer())
            return try model.profile(plan.training, batches: batches, seed: training.seed)
        }
        return try profile(plan.network)
    }
}

extension WeightsFile {
    /// Measures what inference of the network costs, on zeros of the size of a typical input of one sample.
    ///
    /// - Parameter batches: the number of inputs.
    public func profile(batches: Int = 1) -> Profile {
        let input = Tensor<Float>.zeros(network.exampleInput)
        _ = network(input)
        return Profile.measuring(network) { for _ in 0..<batches { _ = network(input) } }
    }
}
