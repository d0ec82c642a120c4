import DuctusModels
import DuctusTestSupport
import Testing

@Suite struct ConcurrencyTests {
    /// Every prediction during training is that of some complete step.
    @Test func snapshotsAreOfCompleteSteps() async throws {
        let x = Tensor<Float>.sample([2, 6, 6, 1], seed: 9)
        let network = Initialization.seeded(1) { TinyNetwork() }
        let outputs = Locked([network(x).scalars])
        let record = Callback(afterBatch: { context in
            let output = (context.network as? TinyNetwork)?(x).scalars ?? []
            outputs.withLock { $0.append(output) }
        })
        let isDone = Locked(false)
        let seen = try await withThrowingTaskGroup(of: Set<[Float]>.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    var seen: Set<[Float]> = []
                    repeat {
                        seen.insert(network.snapshot()({ $0(x) }).scalars)
                        // Not consistent, but safe.
                        _ = network(x)
                        await Task.yield()
                    } while !isDone.withLock { $0 }
                    return seen
                }
            }
            var model = Model(network, loss: .softmaxCrossEntropy, optimizer: .adamW(rate: 0.01))
            try model.fit(
                BatchLoader(TinyTraining.data(), batchSize: 4, shuffles: true), epochs: 60, callbacks: [record])
            isDone.withLock { $0 = true }
            return try await group.reduce(into: Set<[Float]>()) { $0.formUnion($1) }
        }
        let known = Set(outputs.withLock { $0 })
        #expect(!seen.isEmpty)
        #expect(seen.subtracting(known).isEmpty)
    }
}
