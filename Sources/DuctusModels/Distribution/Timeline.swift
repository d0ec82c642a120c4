#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// When the ranks of a job computed gradients, and when they sent them: how much of the communication takes place while the
/// backward pass goes on.
///
/// ```swift
/// let timeline = Timeline(of: communicator)                    // on every rank
/// try Job.$timeline.withValue(timeline) { try run.train() }
/// let steps = timeline.gathered()                             // all steps, of all ranks
/// ```
public final class Timeline: Sendable {
    /// A step of a rank. Times are in seconds since the timeline began.
    public struct Step: Codable, Sendable, Equatable {
        /// The number of the step, from 1.
        public var step = 0
        /// The shards that the rank computed.
        public var shards: [Shard] = []
        /// The buckets of gradients, in the order in which they were sent.
        public var buckets: [Bucket] = []
        /// When the gradients of all ranks had arrived, and all ranks knew of each other.
        public var received = 0.0
        /// When the weights had changed.
        public var end = 0.0

        package init() {}
    }

    /// The forward and the backward pass of a shard.
    public struct Shard: Codable, Sendable, Equatable {
        /// The number of the shard.
        public let shard: Int
        /// The beginning of the forward pass, and the end of the backward pass.
        public var start, end: Double

        package init(shard: Int, start: Double, end: Double = 0) {
            (self.shard, self.start, self.end) = (shard, start, end)
        }
    }

    /// A bucket of gradients.
    public struct Bucket: Codable, Sendable, Equatable {
        /// The size of the gradients in bytes, as 32-bit numbers.
        public let bytes: Int
        /// When the backward pass had computed its gradients, when the rank began to send it, and when its sum had arrived.
        public var ready, sent, done: Double

        package init(bytes: Int, ready: Double = 0, sent: Double = 0, done: Double = 0) {
            (self.bytes, self.ready, self.sent, self.done) = (bytes, ready, sent, done)
        }
    }

    /// The number of steps that are kept, from the first on.
    public static let limit = 200

    private let communicator: any Communicator
    private let start: ContinuousClock.Instant
    private let steps = Locked<[Step]>([])

    /// An empty timeline, which begins when all ranks have called this.
    public init(of communicator: any Communicator) {
        self.communicator = communicator
        _ = communicator.gather([])
        start = .now
    }

    /// The steps of all ranks, by rank. Every rank calls this.
    public func gathered() throws -> [[Step]] {
        let own = Array(try JSONEncoder().encode(steps.withLock { $0 }))
        return try communicator.gather(own).map { try JSONDecoder().decode([Step].self, from: Data($0)) }
    }

    /// The part of the time of all communication in which its rank computed, from 0 to 1; nil if nothing was sent.
    public static func hiddenShare(of steps: [[Step]]) -> Double? {
        var (hidden, all) = (0.0, 0.0)
        for step in steps.joined() {
            let computed = step.shards.last?.end ?? 0
            for bucket in step.buckets {
                all += bucket.done - bucket.sent
                hidden += max(0, min(bucket.done, computed) - bucket.sent)
            }
        }
        return all > 0 ? hidden / all : nil
    }

    /// Steps of ranks in the Trace Event Format, which Chromium's `chrome://tracing` and Perfetto show: every rank is a process
    /// with a row for its computation and one for its communication.
    public static func trace(of steps: [[Step]]) throws -> String {
        var events: [Event] = []
        for (rank, steps) in steps.enumerated() {
            events.append(Event(naming: "process_name", "rank \(rank)", rank: rank, row: 0))
            for (row, name) in ["computation", "communication"].enumerated() {
                events.append(Event(naming: "thread_name", name, rank: rank, row: row))
            }
            for step in steps {
                for shard in step.shards {
                    events.append(Event("shard \(shard.shard)", shard.start, shard.end, rank: rank, row: 0, step.step))
                }
                events.append(Event("update", step.received, step.end, rank: rank, row: 0, step.step))
                for (number, bucket) in step.buckets.enumerated() {
                    var event = Event("bucket \(number)", bucket.sent, bucket.done, rank: rank, row: 1, step.step)
                    (event.args.bytes, event.args.ready) = (bucket.bytes, Event.microseconds(bucket.ready))
                    events.append(event)
                }
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(["traceEvents": events]), as: UTF8.self) + "\n"
    }

    /// An event of the format; times are in microseconds.
    private struct Event: Encodable {
        struct Arguments: Encodable {
            var name: String?
            var step: Int?
            var bytes: Int?
            var ready: Double?
        }
        let name: String
        let ph: String
        var ts = 0.0
        var dur = 0.0
        let pid: Int
        let tid: Int
        var args = Arguments()

        init(naming kind: String, _ name: String, rank: Int, row: Int) {
            (self.name, ph, pid, tid) = (kind, "M", rank, row)
            args.name = name
        }

        init(_ name: String, _ start: Double, _ end: Double, rank: Int, row: Int, _ step: Int) {
            (self.name, ph, pid, tid) = (name, "X", rank, row)
            (ts, dur) = (Self.microseconds(start), Self.microseconds(end) - Self.microseconds(start))
            args.step = step
        }

        static func microseconds(_ seconds: Double) -> Double { (seconds * 1e6).rounded() }
    }

    /// Notes the times of one step.
    final class Clock: Sendable {
        private let timeline: Timeline
        private let step = Locked(Step())

        init(_ timeline: Timeline, buckets: [Int]) {
            self.timeline = timeline
            step.withLock { $0.buckets = buckets.map { Bucket(bytes: $0 * MemoryLayout<Float>.stride) } }
        }

        private func note(_ change: (inout Step, Double) -> Void) {
            let now = (ContinuousClock.now - timeline.start) / .seconds(1)
            step.withLock { change(&$0, now) }
        }

        func begins(_ shard: Int) { note { $0.shards.append(Shard(shard: shard, start: $1)) } }
        func ends() { note { $0.shards[$0.shards.count - 1].end = $1 } }
        func isReady(_ bucket: Int) { note { $0.buckets[bucket].ready = $1 } }
        func sends(_ bucket: Int) { note { $0.buckets[bucket].sent = $1 } }
        func hasSent(_ bucket: Int) { note { $0.buckets[bucket].done = $1 } }
        func hasReceived() { note { $0.received = $1 } }

        func record(_ number: Int) {
            note { ($0.step, $0.end) = (number, $1) }
            let known = step.withLock { $0 }
            timeline.steps.withLock { if $0.count < Timeline.limit { $0.append(known) } }
        }
    }
}
