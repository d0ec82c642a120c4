/// A network with the loss, metrics, and optimizer that it is trained with.
///
/// ```swift
/// var model = Model(LeNet(.init(classes: 10)), loss: .softmaxCrossEntropy, optimizer: .adamW(rate: 1e-3))
/// let history = try model.fit(training, epochs: 10, validating: validation, callbacks: [.earlyStopping(patience: 3)])
/// ```
public struct Model<N: Network>: Sendable {
    /// The network. Training changes its parameters, which copies of the model share.
    public let network: N
    /// The loss.
    public let loss: Loss
    /// The metrics that validation reports besides the loss.
    public let metrics: [Metric]
    /// The optimizer, with its moments and the number of steps taken.
    public package(set) var optimizer: Optimizer
    /// The moving average of the weights, if there is one. It is used for validation but not for training.
    public package(set) var average: WeightAverage?

    /// The parameters with their paths, found once.
    private let parameters: [(name: String, parameter: Parameter)]
    /// The parameters that training changes: all trainable ones that are not frozen.
    public private(set) var trainedParameters: [Parameter]

    /// Creates a model, and names the parameters of the network.
    public init(
        _ network: N, loss: Loss, metrics: [Metric] = [.accuracy], optimizer: Optimizer,
        average: WeightAverage? = nil
    ) {
        network.nameParameters()
        parameters = network.namedParameters
        trainedParameters = parameters.map(\.parameter).filter(\.isTrainable)
        (self.network, self.loss, self.metrics, self.optimizer) = (network, loss, metrics, optimizer)
        self.average = average
    }

    /// Calls a function while the network has its averaged weights, if there are any.
    public func averaged<Result>(_ body: () throws -> Result) rethrows -> Result {
        guard let average else { return try body() }
        return try average.applied(to: network, body)
    }

    /// Freezes the layers and parameters at some paths: training leaves their parameters and running statistics as they are.
    ///
    /// ```swift
    /// model.freeze("features", "head.bias")
    /// ```
    public mutating func freeze(_ paths: String...) {
        for path in paths {
            precondition(
                parameters.contains { $0.name.isAt(path) },
                "The network has nothing at the path \"\(path)\"; its parameters are "
                    + "\(parameters.map(\.name).joined(separator: ", ")).")
        }
        freeze { name, _ in paths.contains { name.isAt($0) } }
    }

    /// Freezes the parameters that a predicate of their path accepts.
    public mutating func freeze(where isFrozen: (_ path: String, Parameter) -> Bool) {
        let frozen = Set(parameters.filter { isFrozen($0.name, $0.parameter) }.map { ObjectIdentifier($0.parameter) })
        trainedParameters.removeAll { frozen.contains(ObjectIdentifier($0)) }
    }

    /// Trains all trainable parameters again.
    public mutating func unfreeze() { trainedParameters = parameters.map(\.parameter).filter(\.isTrainable) }

    /// The trained parameters by path.
    var trained: [(name: String, parameter: Parameter)] {
        let identities = Set(trainedParameters.map(ObjectIdentifier.init))
        return parameters.filter { identities.contains(ObjectIdentifier($0.parameter)) }
    }

    /// Computes the loss and all metrics on a data set, without dropout, with running statistics, and with averaged weights
    /// if there are any.
    ///
    /// Batches whose loss is infinite, such as that of CTC for texts that are too long, do not count. What is the mean of
    /// nothing is NaN.
    public func evaluate(_ data: BatchLoader) -> [String: Double] {
        do {
            return try averaged { try measure(data) }
        } catch {
            preconditionFailure("\(error)")
        }
    }

    private func measure(_ data: BatchLoader) throws -> [String: Double] {
        var (loss, samples) = (0.0, 0)
        var totals = metrics.map { _ in (total: 0.0, count: 0) }
        var batches = data.batches(epoch: 0)
        while let batch = try batches.nextBatch() {
            let output = network(batch.input, widths: batch.widths)
            let value = Double(self.loss.function(output, batch).item())
            if !value.isInfinite {
                loss += value * Double(batch.names.count)
                samples += batch.names.count
            }
            for (index, metric) in metrics.enumerated() {
                let (total, count) = metric.measure(output, batch)
                totals[index].total += total
                totals[index].count += count
            }
        }
        var result = ["loss": loss / Double(samples)]
        for (metric, sum) in zip(metrics, totals) { result[metric.name] = sum.total / Double(sum.count) }
        return result
    }

    /// Trains the network.
    ///
    /// The result depends only on the initial weights, the data, the configuration, and the seed; neither on the number of
    /// threads nor on interruptions.
    ///
    /// - Parameters:
    ///   - data: the training data.
    ///   - epochs: the number of epochs, including those before a resumption.
    ///   - validation: the validation data, evaluated after every epoch.
    ///   - callbacks: the callbacks, called in this order.
    ///   - initial: the state to resume from, whose checkpoint has been restored.
    ///   - seed: the seed of dropout.
    /// - Returns: one record per epoch.
    /// - Throws: ``TrainingError`` if there are no samples, the loss is NaN, or gradients are not finite; errors of callbacks,
    ///   and of makers of samples.
    @discardableResult
    public mutating func fit(
        _ data: BatchLoader, epochs: Int, validating validation: BatchLoader? = nil, callbacks: [Callback] = [],
        from initial: TrainingState = TrainingState(), seed: UInt64 = 0
    ) throws -> [EpochRecord] {
        guard data.batchesPerEpoch > 0 else { throw TrainingError(description: "There are no samples to train on.") }
        if let validation, validation.batchesPerEpoch == 0 {
            throw TrainingError(
                description: "There are no samples to validate on; add some, or pass no validation data.")
        }
        var state = initial
        let batches = data.batchesPerEpoch
        optimizer.totalSteps = epochs * batches
        let clock = ContinuousClock()
        var stops = false
        for callback in callbacks where try callback.atStart?(context(state, epochs, batches, 0)) == .stop {
            stops = true
        }
        while state.epoch < epochs && !stops {
            let start = clock.now
            var epoch = data.batches(epoch: state.epoch, from: state.batch)
            while let batch = try epoch.nextBatch() {
                let value = try step(batch, random: RandomStream(seed: seed).split(optimizer.steps))
                state.add(value)
                for callback in callbacks { try callback.afterBatch?(context(state, epochs, batches, value)) }
            }
            var record = EpochRecord(
                epoch: state.epoch + 1, loss: state.meanLoss,
                validation: try validation.map { data in try averaged { try measure(data) } } ?? [:],
                rate: optimizer.currentRate, seconds: 0)
            state.endEpoch(record)
            for callback in callbacks {
                let values = try averaged {
                    try callback.measure?(context(state, epochs, batches, record.loss)) ?? [:]
                }
                record.validation.merge(values) { $1 }
            }
            record.seconds = (clock.now - start) / .seconds(1)
            state.history[state.history.count - 1] = record
            for callback in callbacks
            where try callback.afterEpoch?(context(state, epochs, batches, record.loss)) == .stop { stops = true }
        }
        return state.history
    }

    private func context(_ state: TrainingState, _ epochs: Int, _ batches: Int, _ loss: Double) -> Callback.Context {
        Callback.Context(
            network: network, optimizer: optimizer, average: average, state: state, totalEpochs: epochs,
            batchesPerEpoch: batches,
            loss: loss)
    }

    /// Takes a step on a batch and returns its loss.
    mutating func step(_ batch: Batch, random: RandomStream) throws -> Double {
        let (value, gradients, statistics) = trainingStep(of: trainedParameters, random: random) {
            self.loss.function(network(batch.input, widths: batch.widths), batch)
        }
        let loss = Double(value.item())
        guard !loss.isNaN else { throw divergence("The loss is not a number", batch) }
        if loss.isInfinite, !gradients.areFinite { throw divergence("The loss is infinite", batch) }
        if optimizer.steps == 0, loss.isFinite {
            for (name, parameter) in trained {
                precondition(
                    gradients[parameter] != nil,
                    "Parameter \"\(name)\" has no gradient; the loss must depend on every trainable parameter.")
            }
        }
        optimizer.step(gradients, assigning: statistics)
        let (all, steps) = (parameters.map(\.parameter), optimizer.steps)
        average?.add(all, step: steps)
        return loss
    }

    private func divergence(_ problem: String, _ batch: Batch) -> TrainingError {
        TrainingError(
            description: "\(problem) at step \(optimizer.steps + 1), on samples "
                + "\(batch.names.prefix(4).joined(separator: ", "))…; lower the learning rate or check the samples.")
    }
}

extension String {
    /// Whether this path is `place` or inside of it.
    fileprivate func isAt(_ place: String) -> Bool { self == place || hasPrefix(place + ".") }
}

extension Model {
    /// The layers, parameters, and cost of the network for an input of the given shape.
    public func summary(input: Shape) -> Summary { network.summary(input: input) }
}

extension Model where N: ConfigurableNetwork {
    /// The layers, parameters, and cost of the network for a typical input of one sample.
    public func summary() -> Summary { network.summary() }
}
