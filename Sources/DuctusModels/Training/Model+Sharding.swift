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
        let layout = GradientLayout(
            trained: trained.map(\.parameter), order: shards.order.withLock { $0 },
            others: parameters.map(\.parameter).filter { !$0.isTrainable }, bucketBytes: shards.bucketBytes)
        var report = StepReport(parameters: layout.parameters.count)
        report.isInterrupted = isInterrupted
        let sum = BucketSum(layout, shards, sizes: step.sizes)
        do {
            for (index, batch) in try step.shards.get() {
                let part = try sum.computing(index) {
                    try differentiate(batch, random: random.split(index)) { sum.add($1, of: $0, shard: index) }
                }
                report.losses.append(part.loss)
                sum.add(part.statistics, shard: index)
            }
        } catch  where shards.communicator.size > 1 {
            report.problem = "\(error)"
        }
        let totals = sum.totals()
        report.isPresent = sum.isPresent
        let reports = shards.communicator.gather(report.encoded).map {
            StepReport(decoding: $0, parameters: layout.parameters.count)
        }
        for (rank, report) in reports.enumerated() {
            if let problem = report.problem { throw TrainingError("Rank \(rank): \(problem)") }
        }
        let losses = zip(step.sizes.filter { $0 > 0 }, reports.flatMap(\.losses))
        let samples = step.sizes.reduce(0, +)
        // As in the loss of a batch, samples whose loss is infinite do not count.
        let finite = losses.reduce(0) { $0 + ($1.1.isFinite ? $1.0 : 0) }
        let loss = losses.reduce(0.0) { $0 + ($1.1.isFinite ? Double($1.0) * $1.1 : 0) } / Double(finite)
        let (gradients, statistics) = layout.separated(
            totals, layout.parameters.indices.map { place in reports.contains { $0.isPresent[place] } },
            gradientSamples: finite > 0 ? finite : samples, samples: samples)
        sum.hasReceived()
        let record = try finish(gradients, statistics, loss: finite > 0 ? loss : .infinity)
        sum.record(step: record.step)
        shards.agree(onOrder: layout.numbers(of: sum.finished), of: trained.count)
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
