extension Case {
    /// What a short run of repetitions took, in seconds a repetition.
    public struct Burst: Sendable {
        public let median: Double
        public let minimum: Double
        public let repetitions: Int
    }

    /// A case with its operands, ready to be timed again and again.
    public struct Prepared {
        private let body: () -> Void
        /// Seconds, roughly.
        private var estimate: Double

        /// Warms up: caches, the pool of buffers, whatever is set up at first use.
        public init(_ benchmark: Case) {
            body = benchmark.prepare()
            estimate = .infinity
            let start = ContinuousClock.now
            for count in 0..<200 where count < 2 || seconds(since: start) < 0.1 {
                estimate = min(estimate, time(1))
            }
        }

        /// Repeats for about `duration` seconds, at least once.
        public mutating func burst(_ duration: Double) -> Burst {
            // A clock's reading must not count, so one sample is 0.2 ms of repetitions.
            let inner = max(1, Int((2e-4 / max(estimate, 1e-9)).rounded(.up)))
            if estimate < duration / 4 { body() }
            var times: [Double] = []
            let start = ContinuousClock.now
            repeat { times.append(time(inner)) } while seconds(since: start) < duration
            times.sort()
            estimate = times[times.count / 2]
            return Burst(median: estimate, minimum: times[0], repetitions: times.count * inner)
        }

        private func time(_ count: Int) -> Double {
            let start = ContinuousClock.now
            for _ in 0..<count { body() }
            return seconds(since: start) / Double(count)
        }
    }
}

private func seconds(since start: ContinuousClock.Instant) -> Double { (ContinuousClock.now - start) / .seconds(1) }
