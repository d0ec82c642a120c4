#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// What training takes, measured on its first batches.
public struct TrainingCost: Sendable, Codable, Equatable {
    /// The number of parameters.
    public let parameters: Int
    /// The number of batches of an epoch.
    public let batchesPerEpoch: Int
    /// The number of batches that were measured.
    public let measuredBatches: Int
    /// The seconds that the batches of an epoch take, without validation: those measured, times the number of batches.
    public let secondsPerEpoch: Double
    /// The most memory that the program used so far, data included, in bytes.
    public let peakMemory: Int
}

/// Ends a trial in the middle of an epoch.
private struct EndOfTrial: Error {}

extension Experiment {
    /// Trains for a few batches, and measures what that takes. Nothing is written.
    ///
    /// - Parameters:
    ///   - features: the cache of transformed samples, which is used and filled as in training.
    ///   - seconds: the time after which no further batch is begun.
    /// - Throws: what training would throw.
    public func trial(features: FeatureStore? = nil, seconds: Double = 10) throws -> TrainingCost {
        let plan = try plan(Preparation(self, features: features))
        return try trial(plan.network, plan, .seconds(seconds))
    }

    private func trial<N: ConfigurableNetwork>(
        _ network: N, _ plan: TrainingPlan, _ time: Duration
    ) throws -> TrainingCost {
        let times = Locked<[ContinuousClock.Instant]>([])
        var model = Model(network, loss: plan.loss, metrics: plan.metrics, optimizer: try optimizer())
        let measuring = Callback(
            afterBatch: { _ in
                let isEnough = times.withLock { times in
                    times.append(.now)
                    return times.count >= 8 || times.last.map { $0 - times[0] > time } ?? false
                }
                if isEnough { throw EndOfTrial() }
            })
        do {
            let only = plan.training.batchesPerEpoch == 1 ? 2 : 1
            try model.fit(plan.training, epochs: only, callbacks: [measuring], seed: training.seed)
        } catch is EndOfTrial {}
        // The first batch finds its memory and its kernels.
        let (count, elapsed) = times.withLock { times in (times.count - 1, (times.last ?? .now) - (times.first ?? .now))
        }
        return TrainingCost(
            parameters: network.namedParameters.reduce(0) { $0 + $1.parameter.value.count },
            batchesPerEpoch: plan.training.batchesPerEpoch, measuredBatches: count,
            secondsPerEpoch: elapsed / .seconds(1) / Double(max(count, 1)) * Double(plan.training.batchesPerEpoch),
            peakMemory: Self.peakMemory)
    }

    private static var peakMemory: Int {
        var usage = rusage()
        #if canImport(Darwin)
            getrusage(RUSAGE_SELF, &usage)
            return Int(usage.ru_maxrss)
        #else
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return Int(usage.ru_maxrss) * 1024
        #endif
    }
}
