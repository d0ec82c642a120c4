import DuctusData
import DuctusTestSupport
import Testing

/// One test at a time, because the number of threads belongs to the process.
@Suite(.serialized) struct BatchLoaderTests {
    private func lines(_ count: Int) -> ExampleCache {
        ExampleCache(
            examples: (0..<count).map {
                Example(
                    input: AugmentationTests.image(28, 40 + $0 * 7 % 50, seed: UInt64($0)),
                    labels: Tensor([Int32]((0..<1 + $0 % 4).map { Int32($0) }), shape: [1 + $0 % 4]))
            },
            names: (0..<count).map { "line \($0)" }, expectation: Expectation(shape: [28, nil, 1], classes: 9))
    }

    private func loader(_ count: Int = 23, augmentation: Augmentation? = AugmentationTests.everything) -> BatchLoader {
        BatchLoader(lines(count), batchSize: 4, shuffles: true, seed: 3, augmentation: augmentation)
    }

    private func all(_ loader: BatchLoader, epoch: Int = 1, from first: Int = 0) -> [Batch] {
        Array(loader.batches(epoch: epoch, from: first))
    }

    private func isSame(_ a: [Batch], _ b: [Batch]) -> Bool {
        a.count == b.count
            && zip(a, b).allSatisfy {
                $0.input == $1.input && $0.labels == $1.labels && $0.widths == $1.widths && $0.names == $1.names
            }
    }

    @Test(arguments: [1, 2, 5]) func theNumberOfThreadsChangesNothing(threads: Int) {
        let before = Threads.count
        defer { Threads.count = before }
        let expected = all(loader())
        Threads.count = threads
        #expect(isSame(all(loader()), expected) && expected.count == 6)
    }

    /// In the background or not, in order or not: a sample's distortion depends on seed, epoch and sample.
    @Test func batchesFollowFromSeedEpochAndSample() {
        let loader = loader()
        let plan = loader.plan(epoch: 1)
        #expect(isSame(all(loader), plan.map { loader.batch($0, epoch: 1) }))
        #expect(isSame(all(loader, from: 4), plan[4...].map { loader.batch($0, epoch: 1) }))
        #expect(isSame(all(loader), plan.reversed().map { loader.batch($0, epoch: 1) }.reversed()))
        #expect(!isSame([loader.batch([3, 7], epoch: 1)], [loader.batch([3, 7], epoch: 2)]))
        let alone = loader.batch([7], epoch: 1).input
        let together = loader.batch([3, 7, 1], epoch: 1)
        #expect(together.widths[1] == alone.shape[2])
        #expect(together.input.sliced(1..<2, axis: 0).sliced(0..<alone.shape[2], axis: 2) == alone)
    }

    @Test func edgesOfAnEpoch() {
        #expect(all(loader(0)).isEmpty && all(loader(), from: 6).isEmpty && all(loader(1)).count == 1)
        // Nobody waits for the batch that is under way.
        var batches = loader().batches(epoch: 0)
        #expect(batches.next() != nil)
        var copy = batches
        #expect(batches.next()?.input == copy.next()?.input)
        while batches.next() != nil {}
        #expect(batches.next() == nil)
    }

    /// Without an augmentation, as for validation, every epoch has the samples as they are.
    @Test func samplesStayAsTheyAreUnlessAugmented() {
        let (loader, data) = (loader(augmentation: nil), lines(23))
        for epoch in 0..<2 {
            for batch in loader.batches(epoch: epoch) {
                for (n, name) in batch.names.enumerated() {
                    let example = data.examples[Int(name.dropFirst(5)) ?? -1]
                    let input = batch.input.sliced(n..<n + 1, axis: 0).sliced(0..<batch.widths[n], axis: 2)
                    #expect(input.scalars == example.input.scalars)
                    let labels = batch.labels.sliced(n..<n + 1, axis: 0).sliced(0..<batch.labelLengths[n], axis: 1)
                    #expect(labels.scalars == example.labels.scalars)
                }
            }
        }
    }
}
