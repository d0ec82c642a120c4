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
    let parameters: [(name: String, parameter: Parameter)]
    /// The parameters that training changes: all trainable ones that are not frozen.
    public private(set) var trainedParameters: [Parameter]
    private var frozen: Set<ObjectIdentifier> = []

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
    /// What is shared is frozen under any of its paths.
    ///
    /// ```swift
    /// model.freeze("features", "head.bias")
    /// ```
    public mutating func freeze(_ paths: String...) {
        let known = network.parameterPaths
        for path in paths {
            precondition(
                known.contains { $0.path.isAt(path) },
                "The network has nothing at the path \"\(path)\"; its parameters are "
                    + "\(parameters.map(\.name).joined(separator: ", ")).")
        }
        freeze { name, _ in paths.contains { name.isAt($0) } }
    }

    /// Freezes the parameters that a predicate accepts with any of their paths.
    public mutating func freeze(where isFrozen: (_ path: String, Parameter) -> Bool) {
        let paths = network.parameterPaths.filter { isFrozen($0.path, $0.parameter) }
        frozen.formUnion(paths.map { ObjectIdentifier($0.parameter) })
        trainedParameters.removeAll { frozen.contains(ObjectIdentifier($0)) }
    }

    /// Trains all trainable parameters again.
    public mutating func unfreeze() {
        frozen = []
        trainedParameters = parameters.map(\.parameter).filter(\.isTrainable)
    }

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
    /// - Throws: errors of makers of samples.
    public func evaluate(_ data: BatchLoader) throws -> [String: Double] { try averaged { try measure(data) } }

    /// Trains the network. Another training of the same model continues with its weights and the moments of the optimizer,
    /// but has a schedule of its own, and its epochs have the order and the distortions of the first ones, unless its loader has
    /// another seed.
    ///
    /// The result depends only on the initial weights, the data, the configuration, and the seed; neither on the number of
    /// threads nor on interruptions. The ranks of ``Job/communicator`` train together if all of them call this function: rank
    /// 0 gives the others its weights and state, and it alone calls callbacks, except for ``Callback/isInterrupted``.
    ///
    /// - Parameters:
    ///   - data: the training data.
    ///   - epochs: the number of epochs, including those before a resumption.
    ///   - validation: the validation data, evaluated after every epoch.
    ///   - callbacks: the callbacks, called in this order.
    ///   - initial: the state to resume from, whose checkpoint has been restored.
    ///   - seed: the seed of dropout.
    ///   - sharding: how batches are cut into shards.
    /// - Returns: one record per epoch.
    /// - Throws: ``TrainingError`` if there are no samples, the loss or a gradient is not finite, or an epoch is resumed with
    ///   batches of another size; ``TrainingInterruption``; errors of callbacks, and of makers of samples.
    @discardableResult
    public mutating func fit(
        _ data: BatchLoader, epochs: Int, validating validation: BatchLoader? = nil, callbacks: [Callback] = [],
        from initial: TrainingState = TrainingState(), seed: UInt64 = 0, sharding: Sharding = Sharding()
    ) throws -> [EpochRecord] {
        guard data.batchesPerEpoch > 0 else { throw TrainingError("There are no samples to train on.") }
        if let validation, validation.batchesPerEpoch == 0 {
            throw TrainingError("There are no samples to validate on; add some, or pass no validation data.")
        }
        var state = initial
        let shards = try Shards(sharding)
        try adopt(&state, from: shards.communicator)
        try state.begin(batchSize: data.batchSize)
        let isInterrupted = { callbacks.contains { $0.isInterrupted?() ?? false } }
        let callbacks = shards.communicator.isFirst ? callbacks : []
        let batches = data.batchesPerEpoch
        // As many epochs as there are numbers may be asked for, where a callback ends the training.
        let (steps, isTooMany) = epochs.multipliedReportingOverflow(by: batches)
        optimizer.totalSteps = isTooMany ? .max : steps
        // Not those of another training before, nor those of this one before its interruption.
        optimizer.stepsBeforeSchedule = optimizer.steps - (state.epoch * batches + state.batch)
        let clock = ContinuousClock()
        var stops = try shards.communicator.fromFirst {
            try callbacks.map { try $0.atStart?(context(state, epochs, batches, 0)) }.contains(.stop)
        }
        while state.epoch < epochs && !stops {
            let (start, processor) = (clock.now, ProcessUsage.seconds)
            var began = start
            optimizer.rateFactor = try shards.communicator.fromFirst {
                callbacks.reduce(1) { $0 * ($1.rateFactor?(state.history) ?? 1) }
            }
            var epoch = ShardedBatches(data, epoch: state.epoch, from: state.batch, in: shards)
            while let batch = epoch.next() {
                var (record, ends) = try step(
                    batch, in: shards, random: RandomStream(seed: seed).split(optimizer.steps),
                    isInterrupted: isInterrupted())
                record.epoch = state.epoch + 1
                record.samplesPerSecond = Double(batch.sizes.reduce(0, +)) / ((clock.now - began) / .seconds(1))
                state.add(record.loss)
                let context = context(state, epochs, batches, record.loss, record)
                for callback in callbacks { try callback.afterBatch?(context) }
                guard !ends else { throw try interruption(callbacks, context) }
                began = clock.now
            }
            try shards.compare(parameters.map(\.parameter), epoch: state.epoch + 1)
            var record = EpochRecord(
                epoch: state.epoch + 1, loss: state.meanLoss,
                validation: try validation.map { data in try averaged { try measure(data) } } ?? [:],
                rate: optimizer.currentRate, seconds: 0)
            state.endEpoch(record)
            record = try shards.communicator.fromFirst {
                for callback in callbacks {
                    let values = try averaged {
                        try callback.measure?(context(state, epochs, batches, record.loss)) ?? [:]
                    }
                    record.validation.merge(values) { $1 }
                }
                record.seconds = (clock.now - start) / .seconds(1)
                record.processorSeconds = ProcessUsage.seconds - processor
                record.peakMemory = ProcessUsage.peakMemory
                return record
            }
            state.history[state.history.count - 1] = record
            stops = try shards.communicator.fromFirst {
                try callbacks.map { try $0.afterEpoch?(context(state, epochs, batches, record.loss)) }.contains(.stop)
            }
        }
        return state.history
    }

    func context(
        _ state: TrainingState, _ epochs: Int, _ batches: Int, _ loss: Double, _ step: StepRecord? = nil
    ) -> Callback.Context {
        Callback.Context(
            network: network, optimizer: optimizer, average: average, state: state, totalEpochs: epochs,
            batchesPerEpoch: batches, loss: loss, step: step)
    }

    /// Takes a step on a batch.
    @discardableResult
    mutating func step(_ batch: Batch, random: RandomStream) throws -> StepRecord {
        let (loss, gradients, statistics) = try differentiate(batch, random: random)
        return try finish(gradients, statistics, loss: loss, of: batch)
    }

    /// The loss of a batch, its gradients, and new running statistics.
    ///
    /// - Parameter whenFinal: gets every gradient as soon as it does not change any more.
    /// - Throws: ``TrainingError`` if training cannot continue with them.
    func differentiate(
        _ batch: Batch, random: RandomStream, whenFinal: ((Parameter, Tensor<Float>?) -> Void)? = nil
    ) throws -> (loss: Double, gradients: Gradients, statistics: [(parameter: Parameter, value: Tensor<Float>)]) {
        let (value, gradients, statistics) = passes(batch, random, whenFinal: whenFinal)
        let loss = Double(value.item())
        guard !loss.isNaN else { throw divergence("The loss is not a number", batch, random) }
        if loss.isInfinite, !gradients.areFinite { throw divergence("The loss is infinite", batch, random) }
        return (loss, gradients, statistics)
    }

    /// The forward and the backward pass of a batch.
    func passes(
        _ batch: Batch, _ random: RandomStream, whenFinal: ((Parameter, Tensor<Float>?) -> Void)? = nil
    ) -> (
        value: Tensor<Float>, gradients: Gradients, statistics: [(parameter: Parameter, value: Tensor<Float>)]
    ) {
        trainingStep(
            of: trainedParameters, random: random,
            { self.loss.function(network(batch.input, widths: batch.widths), batch) }, whenFinal: whenFinal)
    }

    /// Takes the step of a batch with the given loss.
    /// - Throws: ``TrainingError`` if a gradient is not finite; nothing is changed then.
    mutating func finish(
        _ gradients: Gradients, _ statistics: [(parameter: Parameter, value: Tensor<Float>)], loss: Double,
        of batch: Batch? = nil
    ) throws -> StepRecord {
        if optimizer.steps == 0, loss.isFinite {
            for (name, parameter) in trained {
                precondition(
                    gradients[parameter] != nil,
                    "Parameter \"\(name)\" has no gradient; the loss must depend on every trainable parameter.")
            }
        }
        let (norm, rate) = (gradients.globalNorm, optimizer.currentRate)
        guard norm.isFinite else { throw divergence(of: gradients, batch) }
        let moving = statistics.filter { !frozen.contains(ObjectIdentifier($0.parameter)) }
        let change = optimizer.step(gradients, assigning: moving, norm: norm)
        let (all, steps) = (parameters.map(\.parameter), optimizer.steps)
        average?.add(all, step: steps)
        return StepRecord(
            step: steps, epoch: 1, loss: loss, rate: rate, gradientNorm: norm, updateNorm: change ?? 0,
            samplesPerSecond: 0)
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
