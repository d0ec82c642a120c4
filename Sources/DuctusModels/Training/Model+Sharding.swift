extension Model {
    /// Takes a step on a batch, together with all other ranks.
    ///
    /// - Parameters:
    ///   - step: the batch, with the shards of this rank.
    ///   - shards: all shards.
    ///   - random: the stream of dropout; every shard has its own part of it.
    ///   - isInterrupted: whether training is to be interrupted.
    /// - Returns: the measurements of the step, and whether any rank is to be interrupted.
    /// - Throws: ``TrainingError`` on all ranks if any of them cannot continue; on a single process, the error itself.
    mutating func step(
        _ step: ShardedBatches.Step, in shards: Shards, random: RandomStream, isInterrupted: Bool
    ) throws -> (record: StepRecord, isInterrupted: Bool) {
        guard shards.count > 1 else {
            guard let batch = try step.shards.get().first?.batch else { preconditionFailure("A batch has no samples.") }
            let (loss, gradients, statistics) = try differentiate(batch, random: random)
            return (try finish(gradients, statistics, loss: loss, of: batch), isInterrupted)
        }
        let layout = ShardLayout(trained: trained, statistics: parameters.filter { !$0.parameter.isTrainable })
        var report = StepReport(parameters: layout.count)
        report.isInterrupted = isInterrupted
        var sum = ShardSum()
        do {
            let own = try step.shards.get()
            for index in shards.own {
                guard let (_, batch) = own.first(where: { $0.index == index }) else {
                    sum.add(nil, shard: index)
                    continue
                }
                let part = try differentiate(batch, random: random.split(index))
                report.losses.append(part.loss)
                sum.add(
                    layout.joined(part.gradients, part.statistics, &report) * Float(step.sizes[index]), shard: index)
            }
        } catch  where shards.communicator.size > 1 {
            report.problem = "\(error)"
        }
        let reports = shards.communicator.gather(report.encoded).map {
            StepReport(decoding: $0, parameters: layout.count)
        }
        for (rank, report) in reports.enumerated() {
            if let problem = report.problem { throw TrainingError("Rank \(rank): \(problem)") }
        }
        let losses = zip(step.sizes.filter { $0 > 0 }, reports.flatMap(\.losses))
        let samples = step.sizes.reduce(0, +)
        // As in the loss of a batch, samples whose loss is infinite do not count.
        let finite = losses.reduce(0) { $0 + ($1.1.isFinite ? $1.0 : 0) }
        let loss = losses.reduce(0.0) { $0 + ($1.1.isFinite ? Double($1.0) * $1.1 : 0) } / Double(finite)
        let isPresent = (0..<layout.count).map { place in reports.contains { $0.isPresent[place] } }
        let (gradients, statistics) = layout.separated(
            shards.total(sum, sizes: step.sizes, length: layout.length), isPresent,
            gradientSamples: finite > 0 ? finite : samples, samples: samples)
        let record = try finish(gradients, statistics, loss: finite > 0 ? loss : .infinity)
        return (record, reports.contains(where: \.isInterrupted))
    }

    /// Takes over weights, optimizer, and progress of rank 0.
    mutating func adopt(_ state: inout TrainingState, from communicator: any Communicator) throws {
        guard communicator.size > 1 else { return }
        let context = context(state, 0, 0, 0)
        let bytes = communicator.broadcast(
            communicator.isFirst ? try Checkpoint.archive(context, model: nil).encoded() : [])
        guard !communicator.isFirst else { return }
        let checkpoint = try Checkpoint(TensorArchive(bytes, path: "the state of rank 0"))
        try restore(checkpoint)
        state = checkpoint.state
    }
}

/// Where the gradients of parameters, and new values of statistics, are in one tensor.
private struct ShardLayout {
    let trained: [(name: String, parameter: Parameter)]
    let statistics: [(name: String, parameter: Parameter)]

    /// The number of parameters.
    var count: Int { trained.count + statistics.count }
    /// The number of elements.
    var length: Int { (trained + statistics).reduce(0) { $0 + $1.parameter.shape.elementCount } }

    /// Gradients and statistics in one tensor, and in `report` which there are. Without a gradient, there are zeros; what has
    /// no new value keeps its own.
    func joined(
        _ gradients: Gradients, _ values: [(parameter: Parameter, value: Tensor<Float>)], _ report: inout StepReport
    ) -> Tensor<Float> {
        let changed = Dictionary(uniqueKeysWithValues: values.map { (ObjectIdentifier($0.parameter), $0.value) })
        var parts: [Tensor<Float>] = []
        for (place, (_, parameter)) in trained.enumerated() {
            let gradient = gradients[parameter]
            if gradient != nil { report.isPresent[place] = true }
            parts.append((gradient ?? .zeros(parameter.shape)).flattened())
        }
        for (place, (_, parameter)) in statistics.enumerated() {
            let value = changed[ObjectIdentifier(parameter)]
            if value != nil { report.isPresent[trained.count + place] = true }
            parts.append((value ?? parameter.stored).flattened())
        }
        return .concatenated(parts, axis: 0)
    }

    /// The means of which `total` has the sums over samples.
    func separated(
        _ total: Tensor<Float>, _ isPresent: [Bool], gradientSamples: Int, samples: Int
    ) -> (gradients: Gradients, statistics: [(parameter: Parameter, value: Tensor<Float>)]) {
        var (gradients, values) = (Gradients(), [(parameter: Parameter, value: Tensor<Float>)]())
        var start = 0
        for (place, (_, parameter)) in (trained + statistics).enumerated() {
            let end = start + parameter.shape.elementCount
            defer { start = end }
            guard isPresent[place] else { continue }
            let sum = total.sliced(start..<end, axis: 0).reshaped(to: parameter.shape)
            if place < trained.count {
                gradients.append(sum / Float(gradientSamples), for: parameter)
            } else {
                values.append((parameter, sum / Float(samples)))
            }
        }
        return (gradients, values)
    }
}
