import DuctusNetworks
import DuctusTestSupport
import Testing

@Suite struct NetworkTests {
    /// Multiply-adds by hand: pixels times taps times channels.
    @Test func summariesCountMultiplyAdds() {
        let lenet = LeNet(.init(classes: 80)).summary(input: [2, 28, 28, 1])
        #expect(lenet.multiplyAdds == 2 * (26 * 26 * 9 * 32 + 24 * 24 * 9 * 32 * 64 + 9216 * 128 + 128 * 80))
        #expect(lenet.lines.map(\.path) == ["conv1", "conv2", "pool", "dropout", "dense1", "dropout", "dense2"])
        let crnn = CRNN(.init(classes: 80, recurrentLayers: 2)).summary(input: [1, 28, 60, 1])
        let convolutions = 28 * 60 * 64 + 14 * 30 * 64 * 128 + (5 * 13 + 3 * 11 + 1 * 9) * 128 * 128
        #expect(crnn.multiplyAdds == 9 * convolutions + 9 * 2 * 4 * 128 * (128 + 128 + 256 + 128) + 9 * 256 * 80)
        #expect(crnn.lines.count { $0.path == "pool" } == 2)
        let dilations = [3, 3, 7, 7]
        let fcn = FCN(.init(filters: 4, blockSize: 2, dilations: dilations)).summary(input: [1, 16, 24, 1])
        let blocks = 49 * (4 * 4 + 4 * 4) + 4 * 4
        #expect(fcn.multiplyAdds == 8 * 12 * (2 * blocks + 4 * 12))
        #expect(fcn.lines.map(\.path).prefix(3) == ["blocks.0", "blocks.0.conv1", "blocks.0.conv2"])
        let unet = UNet(.init(filters: 4, depth: 1)).summary(input: [1, 8, 12, 1])
        let encoder = 96 * 9 * (1 * 4 + 4 * 4) + 24 * 9 * (4 * 8 + 8 * 8)
        #expect(unet.multiplyAdds == encoder + 96 * 8 * 4 + 96 * 9 * (8 * 4 + 4 * 4) + 96 * 4 * 3)
    }

    @Test(arguments: Self.small().indices) func summariesOfExampleInputsAreComplete(index: Int) throws {
        let network = try #require(Self.small()[index] as? any ConfigurableNetwork)
        let summary = network.summary()
        #expect(summary.parameters == network.parameterCount)
        #expect(summary.input == network.exampleInput)
        #expect(summary.lines.allSatisfy { !$0.path.isEmpty })
        #expect(summary.lines.allSatisfy { !$0.layer.isEmpty })
        #expect(summary == network.summary(input: network.exampleInput))
    }

    @Test(arguments: [(28, 1), (31, 1), (32, 2), (100, 19), (952, 232)])
    func crnnHasAStepEveryFourColumns(width: Int, steps: Int) {
        let network = CRNN(.init(classes: 5, filters: [1, 1, 1, 1, 1], hidden: 2))
        #expect(network(.zeros([1, CRNN.height, width, 1])).shape == [1, steps, 5])
        #expect(network.steps(width: width) == steps)
    }

    @Test func crnnHasNoStepsBelowItsMinimum() {
        #expect(CRNN.steps(width: CRNN.minimumWidth - 1) == 0)
        #expect(CRNN.steps(width: 1) == 0)
    }

    /// Neither the padding convolutions at the edge nor the reverse LSTM let padding reach a line.
    @Test(arguments: 0..<3) func paddingDoesNotAffectLines(index: Int) throws {
        let filters = [3, 4, 4, 4, 4]
        let networks: [any LineNetwork] = Initialization.seeded(2) {
            [
                CRNN(.init(classes: 5, filters: filters, hidden: 6, recurrentLayers: 2, normalizesAll: true)),
                Seq2Seq(.init(classes: 5, filters: filters, hidden: 6, normalizesAll: true, width: 8, embedding: 3)),
                LineTransformer(
                    .init(
                        classes: 5, filters: filters, recurrentWidth: 6, recurrentLayers: 1, normalizesAll: true,
                        width: 8, layers: 1, heads: 2, hidden: 6)),
            ]
        }
        let network = networks[index]
        // With nonzero shifts and biases, padding does not stay zero.
        for (number, named) in network.namedParameters.enumerated() where named.parameter.shape.rank == 1 {
            named.parameter.stored = Tensor.sample(named.parameter.shape, seed: UInt64(number)).squared() + 0.2
        }
        let widths = [29, 28, 67, 90, 102]
        let lines = Tensor<Float>.sample([5, 28, 102, 1])
        let alone = widths.indices.map { n in
            lines.sliced(n..<n + 1, axis: 0).sliced(0..<widths[n], axis: 2)
        }
        let together = network(
            .concatenated(zip(alone, widths).map { $0.padded(before: 0, after: 110 - $1, axis: 2) }, axis: 0),
            widths: widths)
        for (n, line) in alone.enumerated() {
            let expected = network(line)
            let steps = network.steps(width: widths[n])
            #expect(expected.shape[1] == steps)
            let found = together.sliced(n..<n + 1, axis: 0).sliced(0..<steps, axis: 1)
            #expect(disagreement(of: found, with: expected, tolerance: 1e-6) == nil)
        }
    }

    @Test(arguments: [1, 2, 4]) func fcnClassifiesEveryPixel(blockSize: Int) {
        let network = FCN(.init(filters: 2, blockSize: blockSize, dilations: [1, 2]))
        #expect(network(.zeros([2, 8, 12, 1])).shape == [2, 8, 12, 3])
    }

    @Test func unetClassifiesEveryPixel() {
        #expect(UNet(.init(classes: 4, filters: 2, depth: 3))(.zeros([2, 8, 24, 1])).shape == [2, 8, 24, 4])
    }

    @Test func unetHasNoMoreThanTheMaximumFilters() throws {
        let network = UNet(.init(filters: 2, maximumFilters: 8, depth: 5))
        let shapes = Dictionary(uniqueKeysWithValues: network.namedParameters.map { ($0.name, $0.parameter.shape) })
        #expect(shapes["encoder.2.conv1.weight"] == [3, 3, 4, 8])
        #expect(shapes["encoder.5.conv2.weight"] == [3, 3, 8, 8])
        #expect(network(.zeros([1, 32, 64, 1])).shape == [1, 32, 64, 3])
        #expect(UNet.Configuration(filters: 8, maximumFilters: 4).problem?.contains("maximumFilters") == true)
    }

    /// With `rowContext` the receptive field of a pixel includes its whole row, without it only its surroundings.
    @Test(arguments: [false, true]) func rowContextExtendsTheReceptiveField(rowContext: Bool) {
        let network = Initialization.seeded(4) { UNet(.init(filters: 4, depth: 1, rowContext: rowContext)) }
        var image = Tensor<Float>.zeros([1, 64, 128, 1])
        let before = network(image)
        image[0, 20, 100, 0] = 50
        let change = (network(image) - before).squared().max(axes: [0, 3])
        #expect((change[20, 5] > 0) == rowContext)
        #expect(change[20, 99] > 0)
        #expect(change[50, 5] == 0)
    }

    @Test func unetNamesSizesThatCannotBeHalved() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = UNet(.init(filters: 1, depth: 3))(.zeros([1, 8, 12, 1]))
        }
        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(message.contains("UNet: input is [1, 8, 12, 1]; height and width must be multiples of 8."))
    }

    /// Translating the input by one block translates the output by one block.
    @Test(arguments: [1, 2]) func fcnIsTranslationEquivariant(blockSize: Int) {
        let network = Initialization.seeded(1) {
            FCN(.init(filters: 2, blockSize: blockSize, dilations: [1, 1]))
        }
        let far = 40
        let image = Tensor<Float>.sample([1, 4, 4, 1])
        func placed(_ offset: Int) -> Tensor<Float> {
            let page = image.padded(before: far + offset, after: far - offset, axis: 1)
            return network(page.padded(before: far, after: far, axis: 2))
        }
        let (still, moved) = (placed(0), placed(blockSize))
        let rows = far - 8..<far + 12
        let window = moved.sliced(rows.lowerBound + blockSize..<rows.upperBound + blockSize, axis: 1)
        #expect(disagreement(of: window, with: still.sliced(rows, axis: 1), tolerance: 1e-5) == nil)
    }

    /// Built for every test, because tests change the parameters.
    static func small() -> [any Network] {
        Initialization.seeded(2) {
            [
                MLP(.init(classes: 3, inputs: 36, width: 5, layers: 2, dropout: 0.3)),
                LeNet(.init(classes: 3, side: 8, filters: [2, 3], width: 5, dropout: 0.3)),
                CRNN(
                    .init(
                        classes: 4, filters: [2, 3, 3, 3, 3], hidden: 3, recurrentLayers: 2, normalizesAll: true,
                        dropout: 0.3
                    )),
                FCN(.init(filters: 2, blockSize: 2, dilations: [1, 1, 2, 2])),
                UNet(.init(filters: 2, depth: 2)),
                UNet(.init(filters: 2, maximumFilters: 3, depth: 2, upsampling: .bilinear, rowContext: true)),
                LeNet(.init(classes: 3, side: 8, filters: [2, 3], width: 5, dropout: 0.3, keepsSize: true)),
                LineCNN(smallLine), SlidingWindowCNN(smallLine),
                LineLSTM(
                    .init(classes: 4, window: 9, stride: 3, filters: [2, 3], width: 4, hidden: 3, dropout: 0.3)),
            ]
        }
    }
    static let smallLine = LineCNN.Configuration(
        classes: 4, characters: 3, columns: 40, window: 9, stride: 4, filters: [2, 3], width: 4, dropout: 0.3)
    static let inputs: [Shape] = [
        [3, 6, 6, 1], [3, 8, 8, 1], [3, 28, 40, 1], [2, 8, 8, 1], [2, 8, 12, 1], [2, 8, 12, 1], [3, 8, 8, 1],
        [2, 28, 40, 1], [2, 28, 40, 1], [2, 28, 41, 1],
    ]

    /// In training: with dropout and the statistics of the batch.
    @Test(arguments: inputs.indices) func gradientsAreCorrect(index: Int) {
        let network = Self.small()[index]
        let derivative = DirectionalDerivative(of: network.trainableParameters, step: 1e-3) {
            network(.sample(Self.inputs[index]))
        }
        #expect(derivative.agrees(tolerance: 1e-2), "\(derivative)")
        #expect(derivative.norm > 0)
    }

    @Test(arguments: inputs.indices) func samplesOfABatchAreIndependent(index: Int) {
        let network = Self.small()[index]
        let input = Tensor<Float>.sample(Self.inputs[index])
        let together = network(input)
        for n in 0..<input.shape[0] {
            let alone = network(input.sliced(n..<n + 1, axis: 0))
            #expect(disagreement(of: alone, with: together.sliced(n..<n + 1, axis: 0), tolerance: 1e-5) == nil)
        }
    }
}
