import DuctusData
import DuctusTestSupport
import Testing

/// What all operations have in common, and their chances.
@Suite struct AugmentationOperationsTests {
    private func isSame(_ a: Example, _ b: Example) -> Bool { a.input == b.input && a.labels == b.labels }

    @Test(arguments: Distortions.operations) func whatIsNeverChosenChangesNothing(operation: Distortions.Operation) {
        for sample in Distortions.samples {
            for seed in 0..<10 {
                #expect(isSame(Distortions.distorted(sample, operation.chosen(0), seed: seed), sample))
            }
        }
    }

    @Test(arguments: Distortions.operations) func chancesAreKept(operation: Distortions.Operation) {
        for sample in Distortions.samples {
            let always = (0..<30).count {
                !isSame(Distortions.distorted(sample, operation.augmentation, seed: $0), sample)
            }
            #expect(always >= 28)
            let half = (0..<400).count {
                !isSame(Distortions.distorted(sample, operation.chosen(0.5), seed: $0), sample)
            }
            // Three standard deviations.
            #expect(170...230 ~= half)
        }
    }

    @Test(arguments: Distortions.operations) func imagesStayImages(operation: Distortions.Operation) {
        let keepsWidths = !["stretch", "jitter"].contains(operation.name)
        for sample in Distortions.samples {
            for seed in 0..<30 {
                let result = Distortions.distorted(sample, operation.augmentation, seed: seed)
                #expect(result.input.withUnsafeBuffer { $0.allSatisfy { 0...1 ~= $0 } })
                #expect(result.input.shape[0] == sample.input.shape[0])
                #expect(result.input.shape == sample.input.shape || sample.labels.rank == 1 && !keepsWidths)
                #expect(result.labels.shape == sample.labels.shape)
                #expect(result.labels == sample.labels || sample.labels.rank == 2)
                #expect(isSame(Distortions.distorted(sample, operation.augmentation, seed: seed), result))
            }
        }
    }

    @Test(arguments: Distortions.retouchings) func retouchingsLeaveMapsAlone(operation: Distortions.Operation) {
        for seed in 0..<10 {
            let result = Distortions.distorted(Distortions.page, operation.augmentation, seed: seed)
            #expect(result.labels == Distortions.page.labels)
        }
    }

    /// A map that is drawn as an image stays the same picture as the image.
    @Test(arguments: Distortions.motions) func imageAndMapMoveTogether(operation: Distortions.Operation) {
        let labels = (0..<64 * 48).map { index -> Int32 in
            func isInDisk(_ y: Int, _ x: Int, square: Int) -> Bool {
                let (down, right) = (index / 48 - y, index % 48 - x)
                return down * down + right * right < square
            }
            return isInDisk(20, 15, square: 90) || isInDisk(44, 30, square: 60) ? 1 : 0
        }
        let map = Tensor(labels, shape: [64, 48])
        let example = Example(input: Tensor<Float>(map).reshaped(to: [64, 48, 1]), labels: map)
        for seed in 0..<20 {
            let result = Distortions.distorted(example, operation.augmentation, seed: seed)
            let pairs = zip(result.input.scalars, result.labels.scalars)
            #expect(pairs.allSatisfy { $1 == 1 ? $0 > 0.2 : $0 < 0.8 })
            #expect(result.labels.scalars.contains(1))
        }
    }

    /// Trainings of before are repeated to the last bit: digests of three samples from one stream, and of an epoch's
    /// batches, from the time when there were neither chances nor more operations than these.
    @Test func whatWasDrawnStays() {
        let augmentation = Augmentation(
            shear: 0.3, stretch: 0.15, scale: 0.1, shift: 0.05, contrast: 0.2, mirrors: true, rotation: 5,
            elasticity: 0.06, strokes: 0.8, blur: 1, brightness: 0.2, noise: 0.2)
        let pins: [UInt64] = [12_917_070_618_023_981_817, 15_311_002_664_560_829_257, 966_073_605_936_723_546]
        for (sample, pin) in zip(Distortions.samples, pins) {
            var random = RandomStream(seed: 5)
            var digest: UInt64?
            for _ in 0..<3 {
                let result = augmentation.apply(to: sample, using: &random)
                digest = Distortions.digest(result.input, result.labels, after: digest)
            }
            #expect(digest == pin)
        }
        let lines = (0..<23).map { index in
            Example(
                input: Distortions.image(28, 40 + index * 7 % 50, seed: UInt64(index)),
                labels: Tensor([Int32]((0..<1 + index % 4).map { Int32($0) })))
        }
        let batches = Distortions.batches(Distortions.loader(lines, augmentation), epoch: 1)
        let digest = batches.reduce(UInt64?.none) { Distortions.digest($1.input, $1.labels, after: $0) }
        #expect(digest == 175_552_598_697_799_639)
    }

    @Test(arguments: [1, 2, 5]) func theNumberOfThreadsChangesNothing(threads: Int) {
        let loader = Distortions.loader(Distortions.lines(23), Distortions.everything, space: 9)
        let expected = onThreads(3) { Distortions.batches(loader) }
        let batches = onThreads(threads) { Distortions.batches(loader) }
        #expect(batches.map(\.input) == expected.map(\.input))
        #expect(batches.map(\.labels) == expected.map(\.labels))
    }

    /// Whoever else is in a batch.
    @Test func samplesAreDistortedOnTheirOwn() {
        var augmentation = Distortions.everything
        augmentation.neighbors = 0
        let loader = Distortions.loader(Distortions.lines(8), augmentation, space: 9)
        let alone = loader.batch([5], epoch: 1)
        let together = loader.batch([2, 5, 1], epoch: 1)
        #expect(together.widths[1] == alone.widths[0])
        #expect(together.input[1].sliced(0..<alone.widths[0], axis: 1) == alone.input[0])
    }

    @Test(arguments: [
        ("probability", Augmentation(probability: 1.1)), ("perspective", Augmentation(perspective: 1.5)),
        ("verticalShear", Augmentation(verticalShear: -1)), ("jitter", Augmentation(jitter: 0.5)),
        ("gamma", Augmentation(gamma: 4)), ("blots", Augmentation(blots: -1)), ("rules", Augmentation(rules: 2)),
        ("shading", Augmentation(shading: 2)), ("halving", Augmentation(halving: 1.5)),
        ("compression", Augmentation(compression: 1)), ("neighbors", Augmentation(neighbors: 0.6)),
        ("joining", Augmentation(joining: 2)),
    ])
    func rangesAreChecked(key: String, augmentation: Augmentation) {
        #expect(augmentation.problem?.hasPrefix("key \"\(key)\" is ") == true)
        #expect(Distortions.everything.problem == nil)
    }

    @Test func loadersCheckTheRanges() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Distortions.loader([Distortions.line], Augmentation(neighbors: 2))
        }
        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(message.contains("BatchLoader: of the augmentation, key \"neighbors\" is 2.0; it must be 0.0 to 0.5."))
    }
}
