import DuctusData
import DuctusTestSupport
import Testing

/// Ink of other lines, and lines that follow others on their image.
@Suite struct NeighborsTests {
    private func paper(_ width: Int, ink: Float) -> Example {
        Example(input: Tensor(repeating: ink, shape: [20, width, 1]), labels: Tensor([1], shape: [1]))
    }

    /// Rows with ink, from the top and from the bottom.
    @Test(arguments: [30, 40, 50]) func neighborsReachIn(width: Int) {
        let loader = Distortions.loader([paper(40, ink: 0), paper(width, ink: 1)], Augmentation(neighbors: 0.3))
        var heights: Set<Int> = []
        for epoch in 0..<40 {
            let batch = loader.batch([0, 1], epoch: epoch)
            let rows = batch.input[0].sum(axes: [1, 2]).scalars
            let (above, below) = (rows.prefix { $0 > 0 }.count, rows.reversed().prefix { $0 > 0 }.count)
            heights.formUnion([above, below])
            // As wide as the narrower of the two.
            #expect(rows.allSatisfy { $0 == 0 || $0 == Float(min(width, 40)) })
            #expect(rows.count { $0 > 0 } == above + below)
            #expect(batch.input[1].sliced(0..<width, axis: 1) == paper(width, ink: 1).input)
        }
        #expect(heights == Set(0...6))
    }

    /// From above come the lower rows of another line, from below the upper rows.
    @Test func stripsAreFromTheOtherEnd() {
        let ramp = Tensor<Float>((0..<20 * 40).map { Float($0 / 40 + 1) / 20 }, shape: [20, 40, 1])
        let lines = [paper(40, ink: 0), Example(input: ramp, labels: Tensor([1], shape: [1]))]
        for epoch in 0..<10 {
            let column = Distortions.loader(lines, Augmentation(neighbors: 0.5)).batch([0, 1], epoch: epoch).input[0]
                .sliced(7..<8, axis: 1).scalars
            let above = column.prefix(10).prefix { $0 > 0 }
            let below = column.suffix(10).reversed().prefix { $0 > 0 }
            #expect(Array(above) == Array(ramp.sliced(7..<8, axis: 1).scalars.suffix(above.count)))
            #expect(Array(below.reversed()) == Array(ramp.sliced(7..<8, axis: 1).scalars.prefix(below.count)))
        }
    }

    @Test func neighborsAreChosenAndForLinesInCompany() {
        let lines = [paper(40, ink: 0), paper(40, ink: 1)]
        func count(_ probability: Double) -> Int {
            let loader = Distortions.loader(lines, Augmentation(probability: probability, neighbors: 0.5))
            return (0..<400).count { loader.batch([0, 1], epoch: $0).input[0].sum().item() > 0 }
        }
        #expect(count(0) == 0)
        #expect(count(1) > 390)
        #expect(170...230 ~= count(0.5))
        let loader = Distortions.loader(Distortions.lines(3), Augmentation(neighbors: 0.5))
        #expect(loader.batch([1], epoch: 0).input[0] == Distortions.lines(3)[1].input)
        let characters = [Distortions.character, Distortions.character]
        let batch = Distortions.loader(characters, Augmentation(neighbors: 0.5)).batch([0, 1], epoch: 0)
        #expect(batch.input[0] == Distortions.character.input)
    }

    /// Pixels beyond a lower line would not be its own.
    @Test(arguments: [(20, 10), (10, 20)]) func neighborsHaveOneHeight(first: Int, second: Int) {
        let lines = [first, second].map {
            Example(input: Tensor(repeating: 1, shape: [$0, 40, 1]), labels: Tensor([1], shape: [1]))
        }
        let loader = Distortions.loader(lines, Augmentation(neighbors: 0.5))
        let error = #expect(throws: ExpectationError.self) { try loader.load([0, 1], epoch: 0) }
        #expect(error?.sample == "line 1")
        #expect(error?.problem.hasPrefix("has shape [\(second), 40, 1], but line 0") == true)
    }

    @Test func linesAreJoined() {
        let lines = Distortions.lines(40)
        let widest = lines.map { $0.input.shape[1] }.max() ?? 0
        let loader = Distortions.loader(lines, Augmentation(joining: 1), space: 99)
        var joined = 0
        for batch in Distortions.batches(loader) {
            for (n, name) in batch.names.enumerated() {
                let parts = name.split(separator: " + ").compactMap { Int($0.dropFirst(5)) }.map { lines[$0] }
                let labels = batch.labels[n].scalars.prefix(batch.labelLengths[n])
                #expect(Array(labels.split(separator: 99).joined()) == parts.flatMap { $0.labels.scalars })
                #expect(labels.count { $0 == 99 } == parts.count - 1)
                let image = batch.input[n].sliced(0..<batch.widths[n], axis: 1)
                #expect(batch.widths[n] <= widest)
                let (first, last) = (parts[0].input, parts[parts.count - 1].input)
                #expect(image.sliced(0..<first.shape[1], axis: 1) == first)
                #expect(image.sliced(batch.widths[n] - last.shape[1]..<batch.widths[n], axis: 1) == last)
                joined += parts.count - 1
            }
        }
        #expect(joined > 20)
        #expect(loader.plan(epoch: 0).joined().sorted() == Array(0..<40))
    }

    @Test func joiningNeedsAChanceAndAClass() {
        let lines = Distortions.lines(60)
        let plain = Distortions.batches(Distortions.loader(lines, Augmentation()))
        for loader in [
            Distortions.loader(lines, Augmentation(), space: 99), Distortions.loader(lines, Augmentation(joining: 1)),
        ] {
            let batches = Distortions.batches(loader)
            #expect(batches.map(\.input) == plain.map(\.input))
            #expect(batches.map(\.names) == plain.map(\.names))
        }
        func joined(_ chance: Double) -> Int {
            let loader = Distortions.loader(lines, Augmentation(joining: chance), space: 99)
            let batches = (0..<5).flatMap { Distortions.batches(loader, epoch: $0) }
            return batches.reduce(0) { sum, batch in sum + batch.labels.scalars.count { $0 == 99 } }
        }
        #expect(0.4...0.6 ~= Double(joined(0.5)) / Double(joined(1)))
    }

    /// Batches are planned with the widths that lines have together.
    @Test func joinedLinesAreAmongSimilarOnes() {
        let loader = Distortions.loader(Distortions.lines(80), Augmentation(joining: 0.5), space: 99)
        for batch in Distortions.batches(loader) {
            let sorted = batch.widths.sorted()
            #expect((sorted.last ?? 0) - (sorted.first ?? 0) <= 14 + 14)
        }
    }
}
