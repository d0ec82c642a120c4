import DuctusModels
import Testing

@Suite struct RateSearchTests {
    /// The search on two batches, of which some have an infinite loss, as CTC has for texts that are too long.
    private func search(impossible: Set<String>) throws -> RateSearch {
        let loss = Loss("sometimes impossible") { logits, batch in
            impossible.isDisjoint(with: batch.names)
                ? softmaxCrossEntropy(logits, batch.labels) : logits.sum() * 0 + Float.infinity
        }
        let tiny = TinyTraining.model()
        var model = Model(tiny.network, loss: loss, optimizer: tiny.optimizer)
        let loader = BatchLoader(TinyTraining.data(count: 8), batchSize: 4, shuffles: false)
        return try model.searchRate(loader, steps: 5, rates: 1e-4...1e-2)
    }

    @Test func infiniteLossesAreLeftOut() throws {
        let points = try search(impossible: ["image 1"]).points
        #expect(points.count == 2)
        for (point, rate) in zip(points, [1e-4 * 10.0.squareRoot(), 1e-3 * 10.0.squareRoot()]) {
            #expect(abs(point.rate / rate - 1) < 1e-9)
            #expect(point.loss.isFinite)
        }
    }

    @Test func withoutAFiniteLossThereIsNoSuggestion() throws {
        let search = try search(impossible: ["image 1", "image 5"])
        #expect(search.points.isEmpty)
        #expect(search.suggestion == nil)
    }
}
