extension Model {
    /// Every rank measures some of the batches, and all add up the same numbers in the order of the batches.
    func measure(_ data: BatchLoader) throws -> [String: Double] {
        let communicator = Job.communicator
        let plan = data.plan(epoch: 0)
        let own = plan.indices.filter { $0 % communicator.size == communicator.rank }
        let measured = Result { try measurements(EpochBatches(data, epoch: 0, plan: own.map { plan[$0] })) }
        let all =
            try communicator.size > 1
            ? communicator.gather(Answer(measured).encoded()).map { try Answer(decoding: $0).get() } : [measured.get()]
        var (loss, samples) = (0.0, 0.0)
        var totals = metrics.map { _ in (total: 0.0, count: 0.0) }
        for index in plan.indices {
            let batch = all[index % communicator.size][index / communicator.size].numbers
            if !batch[0].isInfinite {
                loss += batch[0] * batch[1]
                samples += batch[1]
            }
            for metric in metrics.indices {
                totals[metric].total += batch[2 + 2 * metric]
                totals[metric].count += batch[3 + 2 * metric]
            }
        }
        var result = ["loss": loss / samples]
        for (metric, sum) in zip(metrics, totals) { result[metric.name] = sum.total / sum.count }
        return result
    }

    /// Of every batch, the loss, the number of samples, and the sum and the number of summands of every metric, as bytes:
    /// JSON has no numbers that are not finite.
    private func measurements(_ batches: EpochBatches) throws -> [[UInt8]] {
        var (batches, rows) = (batches, [[UInt8]]())
        while let batch = try batches.nextBatch() {
            let output = network(batch.input, widths: batch.widths)
            var row = [Double(loss.function(output, batch).item()), Double(batch.names.count)]
            for metric in metrics {
                let (total, count) = metric.measure(output, batch)
                row += [total, Double(count)]
            }
            rows.append([UInt8](numbers: row))
        }
        return rows
    }
}
