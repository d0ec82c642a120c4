import DuctusModels
import DuctusNetworks
import DuctusTestSupport
import Testing

/// Autoregressive networks overfit a batch of lines and then decode it.
@Suite(.serialized) struct TextGeneratorTrainingTests {
    private static let texts: [[Int32]] = [[1, 2, 3, 3], [3, 1], [2]]

    /// Lines of blocks: the class of a character determines its height; the width grows with the text.
    private static func data(height: Int = 28) -> ExampleCache {
        let examples = texts.map { text in
            let width = 16 * text.count + 16
            let pixels = (0..<height * width).map { index -> Float in
                let (row, column) = (index / width, index % width - 8)
                guard column >= 0, column / 16 < text.count, column % 16 < 10 else { return 0 }
                return row < height / 4 * Int(text[column / 16]) ? 1 : 0
            }
            return Example(input: Tensor(pixels, shape: [height, width, 1]), labels: Tensor(text))
        }
        return ExampleCache(
            examples: examples, names: ["a", "b", "c"],
            expectation: Expectation(shape: [height, nil, 1], classes: 4))
    }

    private static func networks() -> [any TextGenerator & ConfigurableNetwork] {
        Initialization.seeded(1) {
            [
                Seq2Seq(.init(classes: 4, filters: [4, 4, 6, 6, 8], hidden: 8, width: 16, embedding: 8)),
                LineTransformer(
                    .init(
                        classes: 4, filters: [4, 4, 6, 6, 8], width: 16, layers: 2, heads: 2, hidden: 16, dropout: 0)),
                ParagraphTransformer(
                    .init(
                        classes: 4, height: 32, filters: [4, 4, 8, 8], blocks: 1, width: 16, layers: 1, heads: 2,
                        hidden: 16, dropout: 0)),
            ]
        }
    }

    private func train<N: TextGenerator>(
        _ network: N, epochs: Int, smoothing: Double = 0, height: Int
    ) throws -> (history: [EpochRecord], loader: BatchLoader) {
        let loader = BatchLoader(
            Self.data(height: height), batchSize: 3, shuffles: true, minimumWidth: network.minimumWidth)
        var model = Model(
            network, loss: .teacherForcing(network, smoothing: smoothing), metrics: [], optimizer: .adam(rate: 0.01))
        return (try model.fit(loader, epochs: epochs), loader)
    }

    @Test(arguments: networks().indices) func overfits(index: Int) throws {
        let network = Self.networks()[index]
        let (history, loader) = try train(network, epochs: 120, height: network.height)
        #expect(try #require(history.last).loss < 0.1)
        let batch = loader.batch([0, 1, 2], epoch: 0)
        let memory = network(batch.input, widths: batch.widths)
        let greedy = BeamSearch().texts(network, memory, widths: batch.widths)
        #expect(greedy.map(\.tokens) == Self.texts)
        #expect(greedy.allSatisfy { $0.isFinished })
        let beam = BeamSearch(width: 4).texts(network, memory, widths: batch.widths)
        #expect(beam.map(\.tokens) == Self.texts)
        for (beam, greedy) in zip(beam, greedy) {
            #expect(beam.logProbability >= greedy.logProbability - 1e-6)
            #expect(beam.confidence > 0.8)
        }
    }

    @Test(arguments: networks().indices) func linesAreTrainedWithTeacherForcing(index: Int) {
        #expect(Loss.lines(Self.networks()[index], blank: 0).name == "teacherForcing")
    }

    /// With label smoothing the loss stays above zero, but the texts can be correct.
    @Test func overfitsWithLabelSmoothing() throws {
        let network = Self.networks()[1]
        let (history, loader) = try train(network, epochs: 80, smoothing: 0.1, height: 28)
        let last = try #require(history.last)
        #expect((0.3..<0.8).contains(last.loss))
        let batch = loader.batch([0, 1, 2], epoch: 0)
        let memory = network(batch.input, widths: batch.widths)
        #expect(BeamSearch().texts(network, memory, widths: batch.widths).map(\.tokens) == Self.texts)
    }

    /// Neither the values nor the number of padding labels affect the loss.
    @Test(arguments: networks().indices) func paddingOfLabelsHasNoEffect(index: Int) {
        let network = Self.networks()[index]
        let loader = BatchLoader(Self.data(height: network.height), batchSize: 3, shuffles: false)
        var batch = loader.batch([0, 1, 2], epoch: 0)
        let memory = network(batch.input, widths: batch.widths)
        let loss = Loss.teacherForcing(network)
        let value = loss.function(memory, batch)
        batch.labels = batch.labels.padded(before: 0, after: 3, axis: 1)
        for (n, length) in batch.labelLengths.enumerated() {
            for step in length..<7 { batch.labels[n, step] = Tensor(Int32(1 + (n + step) % 3)) }
        }
        #expect(disagreement(of: loss.function(memory, batch), with: value, tolerance: 1e-6) == nil)
    }

    @Test(arguments: networks().indices) func resultsDoNotDependOnThreads(index: Int) throws {
        func outcome(threads: Int) throws -> ([Float], [BeamSearch.Text]) {
            try onThreads(threads) {
                let network = Self.networks()[index]
                let (_, loader) = try train(network, epochs: 3, height: network.height)
                let texts = BeamSearch(width: 2).texts(network, network(loader.batch([0, 1, 2], epoch: 0).input))
                return (network.namedParameters.flatMap { $0.parameter.stored.scalars }, texts)
            }
        }
        let (one, two) = (try outcome(threads: 1), try outcome(threads: 2))
        #expect(one.0 == two.0)
        #expect(one.1 == two.1)
    }

    @Test(arguments: networks().indices) func savedWeightsCanBeLoaded(index: Int) throws {
        let network = Self.networks()[index]
        let batch = BatchLoader(Self.data(height: network.height), batchSize: 3, shuffles: false)
            .batch([0, 1, 2], epoch: 0)
        _ = try train(network, epochs: 2, height: network.height)
        var archive = TensorArchive()
        network.save(to: &archive)
        let name = type(of: network).name
        let fields = try #require(JSONText(encoding: network.configuration).object)
        let other = try Registries.networks.network(Choice(name, settings: fields), classes: 2, file: "test")
        try other.load(from: archive)
        let loss = Loss.teacherForcing(network)
        let copy = try #require(other as? any TextGenerator)
        let memory = network(batch.input, widths: batch.widths)
        let same = copy(batch.input, widths: batch.widths)
        #expect(Loss.teacherForcing(copy).function(same, batch) == loss.function(memory, batch))
    }
}
