import DuctusModels
import DuctusTestSupport
import Foundation
import Testing

/// When gradients are sent.
@Suite struct TimelineTests {
    private func step(_ computed: Double, _ buckets: [(Double, Double)]) -> Timeline.Step {
        var step = Timeline.Step()
        step.shards = [Timeline.Shard(shard: 0, start: 0, end: computed)]
        step.buckets = buckets.map { Timeline.Bucket(bytes: 4, ready: $0.0, sent: $0.0, done: $0.1) }
        return step
    }

    /// One bucket within the computation, one half, one after it.
    @Test func communicationIsHiddenWhileItsRankComputes() throws {
        let share = Timeline.hiddenShare(of: [[step(4, [(1, 2), (3, 5)])], [step(4, [(5, 6)])]])
        #expect(abs(try #require(share) - 2 / 4) < 1e-12)
    }

    @Test func withoutCommunicationNothingIsHidden() { #expect(Timeline.hiddenShare(of: [[], [step(4, [])]]) == nil) }

    @Test func aTraceHasARowForComputationAndOneForCommunication() throws {
        var second = step(2, [(1, 1.5)])
        (second.step, second.received, second.end) = (7, 2.5, 3)
        let text = try Timeline.trace(of: [[], [second]])
        let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let events = try #require(json["traceEvents"] as? [[String: Any]]).filter { $0["ph"] as? String == "X" }
        #expect(events.map { $0["name"] as? String } == ["shard 0", "update", "bucket 0"])
        #expect(events.map { $0["tid"] as? Int } == [0, 0, 1])
        #expect(events.map { $0["pid"] as? Int } == [1, 1, 1])
        #expect(events.map { $0["ts"] as? Double } == [0, 2.5e6, 1e6])
        #expect(events.map { $0["dur"] as? Double } == [2e6, 0.5e6, 0.5e6])
    }

    /// Buckets are ready in their order, the first before the backward pass has ended, and every rank has all of them.
    @Test func bucketsAreSentWhileTheBackwardPassGoesOn() throws {
        var training = TinyTraining()
        training.sharding = Sharding(shards: 4, bucketBytes: 500)
        let elements = TinyTraining.model().network.namedParameters.reduce(0) {
            $0 + $1.parameter.shape.elementCount
        }
        let steps = try ThreadJob.run(2) { [training] in
            let timeline = Timeline(of: Job.communicator)
            _ = try Job.$timeline.withValue(timeline) { try training.run() }
            return try timeline.gathered()
        }.map { try $0.get() }
        #expect(steps[0] == steps[1])
        #expect(steps[0].map { $0.map(\.step) } == Array(repeating: Array(1...6), count: 2))
        for step in steps[0].joined() {
            // A batch has three samples, so that its fourth shard has none.
            #expect(1...2 ~= step.shards.count)
            #expect(step.buckets.count > 2)
            let computed = try #require(step.shards.last).end
            #expect(try #require(step.buckets.first).ready < computed)
            #expect(zip(step.buckets, step.buckets.dropFirst()).allSatisfy { $0.done <= $1.sent })
            #expect(step.buckets.allSatisfy { $0.ready <= $0.sent && $0.sent <= $0.done && $0.done <= step.received })
            #expect(step.received <= step.end)
        }
        #expect(steps[0][0][0].buckets.map(\.bytes).reduce(0, +) == 4 * elements)
    }
}
