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

    /// A single batch of all.
    @Test(arguments: [true, false]) func batchesMayBeOfAnySize(shuffles: Bool) {
        let loader = BatchLoader(lines(7), batchSize: .max, shuffles: shuffles)
        #expect(loader.batchesPerEpoch == 1)
        #expect(loader.plan(epoch: 0).map { $0.sorted() } == [Array(0..<7)])
        #expect(
            BatchLoader(lines(7), batchSize: .max, shuffles: shuffles, dropsIncomplete: true).plan(epoch: 0).isEmpty)
    }

    private func all(_ loader: BatchLoader, epoch: Int = 1, from first: Int = 0) -> [Batch] {
        Array(loader.batches(epoch: epoch, from: first))
    }

    private func expectSame(_ a: [Batch], _ b: [Batch], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(a.map(\.input) == b.map(\.input), sourceLocation: sourceLocation)
        #expect(a.map(\.labels) == b.map(\.labels), sourceLocation: sourceLocation)
        #expect(a.map(\.widths) == b.map(\.widths), sourceLocation: sourceLocation)
        #expect(a.map(\.names) == b.map(\.names), sourceLocation: sourceLocation)
    }

    @Test(arguments: [1, 2, 5]) func theNumberOfThreadsChangesNothing(threads: Int) {
        let expected = onThreads(3) { all(loader()) }
        expectSame(onThreads(threads) { all(loader()) }, expected)
        #expect(expected.count == 6)
    }

    /// In the background or not, in order or not: a sample's distortion depends on seed, epoch and sample.
    @Test func batchesDependOnSeedEpochAndSampleAlone() {
        let loader = loader()
        let plan = loader.plan(epoch: 1)
        expectSame(all(loader), plan.map { loader.batch($0, epoch: 1) })
        expectSame(all(loader, from: 4), plan[4...].map { loader.batch($0, epoch: 1) })
        expectSame(all(loader), plan.reversed().map { loader.batch($0, epoch: 1) }.reversed())
        #expect(loader.batch([3, 7], epoch: 1).input != loader.batch([3, 7], epoch: 2).input)
        let alone = loader.batch([7], epoch: 1).input
        let together = loader.batch([3, 7, 1], epoch: 1)
        #expect(together.widths[1] == alone.shape[2])
        #expect(together.input.sliced(1..<2, axis: 0).sliced(0..<alone.shape[2], axis: 2) == alone)
    }

    @Test func epochsEnd() {
        #expect(all(loader(0)).isEmpty)
        #expect(all(loader(), from: 6).isEmpty)
        #expect(all(loader(1)).count == 1)
        // Copies go on from the same batch, and the batch in the background may be abandoned.
        var batches = loader().batches(epoch: 0)
        #expect(batches.next() != nil)
        var copy = batches
        #expect(batches.next()?.input == copy.next()?.input)
        while batches.next() != nil {}
        #expect(batches.next() == nil)
    }

    /// Who catches the error of a sample goes on with the next batch.
    @Test func batchesThatCannotBeMadeArePassedOver() throws {
        struct Missing: Error {}
        let data = lines(4)
        let loader = BatchLoader(widths: [1, 1, 1, 1], batchSize: 1, shuffles: false) {
            data.names[$0]
        } example: { index, _ in
            if index == 0 || index == 2 { throw Missing() }
            return data.examples[index]
        }
        var batches = loader.batches(epoch: 0)
        for name in ["line 1", "line 3"] {
            #expect(throws: Missing.self) { try batches.nextBatch() }
            let batch = try batches.nextBatch()
            #expect(batch?.names == [name])
        }
        let end = try batches.nextBatch()
        #expect(end == nil)
    }

    /// Without an augmentation, as for validation, every epoch has the samples as they are.
    @Test func samplesAreUnchangedUnlessAugmented() {
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
