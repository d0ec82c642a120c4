import DuctusLayers
import DuctusTestSupport
import Testing

/// Custom layers, which know nothing about summaries.
private struct Scale: Layer {
    let factor = Parameter(.ones([4]))
    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { x * factor.value }
}

private struct Mixer: Layer {
    let matrix = Parameter(.ones([4, 4]))
    let norm = BatchNorm(4)
    let unused: Dense? = Dense(2, 2)
    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { norm(x.matmul(matrix.value)) }
}

private struct Reader: Network {
    let convolution = Conv2D(1, 4, padding: .same, bias: false)
    let blocks = [Sequential { Scale() }, Sequential { TimeDistributed(Dense(4, 4)) }]
    let mixer = Mixer()
    let pool = MaxPool2D(2)
    let head = Dense(4, 3)

    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        var y = pool(pool(convolution(x)))
        for block in blocks { y = block(y) }
        return head(head.weight.shape == [4, 3] ? mixer(y).mean(axes: [1, 2]) : y)
    }
}

/// The same layer several times.
private struct Repeated: Layer {
    let step = Dense(4, 4, activation: .tanh)
    let loop: Sequential
    init() { loop = Sequential([step, Activate(.gelu), step]) }
    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { (0..<3).reduce(x) { y, _ in loop(y) } }
}

/// Inputs that are indices, and an embedding that is used twice.
private struct Words: Module {
    let words = Embedding(11, 4)
    let block = TransformerDecoderBlock(4, heads: 2, hidden: 8)
    func callAsFunction(_ x: Tensor<Int32>) -> Tensor<Float> {
        let y = words(x)
        return block(y, attendingTo: y).matmul(words.weight.value.transposed())
    }
}

@Suite struct SummaryTests {
    /// A line without counts that are 0.
    private func text(_ line: Summary.Line) -> String {
        let numbers: [(String, Int)] = [
            ("p", line.parameters), ("f", line.fixedParameters), ("m", line.multiplyAdds),
        ]
        let calls = line.calls == 1 ? "" : " x\(line.calls)"
        let text = numbers.filter { $0.1 > 0 }.map { " \($0.0)\($0.1)" }.joined() + calls
        return "\(line.path)|\(line.layer)|\(line.output?.description ?? "–")|\(text.dropFirst())"
    }

    @Test func listsAllKindsOfLayers() {
        let network = Reader()
        let summary = network.summary(input: [2, 8, 8, 1])
        #expect(
            summary.lines.map(text) == [
                "convolution|Conv2D 1 → 4, 3 × 3|[2, 8, 8, 4]|p36 m\(2 * 64 * 36)",
                "pool|MaxPool2D 2 × 2|[2, 4, 4, 4]|", "pool|MaxPool2D 2 × 2|[2, 2, 2, 4]|",
                "blocks.0|Sequential|[2, 2, 2, 4]|", "blocks.0.0|Scale|[2, 2, 2, 4]|p4",
                "blocks.1|Sequential|[2, 2, 2, 4]|",
                "blocks.1.0|TimeDistributed Dense 4 → 4|[2, 2, 2, 4]|",
                "blocks.1.0.layer|Dense 4 → 4|[4, 2, 4]|p20 m\(8 * 16)",
                "mixer|Mixer|–|p16 m\(8 * 16)", "mixer.norm|BatchNorm 4|[2, 2, 2, 4]|p8 f8",
                "head|Dense 4 → 3|[2, 3]|p15 m24", "mixer.unused|Dense 2 → 2|–|p6 x0",
            ])
        #expect(summary.parameters == network.parameterCount)
        #expect(summary.fixedParameters == 8)
        #expect(summary.output == [2, 3])
        #expect(summary.network == "Reader")
        #expect(network.convolution.weight.name.isEmpty, "a summary does not change the network")
        #expect(summary == network.summary(input: [2, 8, 8, 1]))
    }

    @Test func repeatedLayersShareALine() {
        let summary = Repeated().summary(input: [5, 4])
        #expect(
            summary.lines.map(text) == [
                "loop|Sequential|[5, 4]|x3", "step|Dense 4 → 4|[5, 4]|p20 m\(6 * 80) x6",
                "loop.1|Activate gelu|[5, 4]|x3",
            ])
        #expect(summary.parameters == 20)
        #expect(summary.multiplyAdds == 480)
    }

    @Test func summarizesModulesWithOtherInputs() throws {
        let module = Words()
        let summary = module.summary { $0([[1, 2, 3]]) }
        #expect(summary.parameters == module.parameterCount)
        // Projections to queries, keys and values, scores and weighted means, and output projections, twice; then the
        // feed-forward network and the logits.
        let attentionCost = 3 * 4 * 12 + 2 * 9 * 4 + 3 * 16
        #expect(summary.multiplyAdds == 2 * attentionCost + 2 * 3 * 32 + 3 * 4 * 11)
        #expect(summary.output == [1, 3, 11])
        #expect(summary.input == nil)
        #expect(summary.lines.map(\.path).prefix(2) == ["words", "block"])
        for path in ["block.selfAttention", "block.crossAttention"] {
            let line = try #require(summary.lines.first { $0.path == path })
            #expect(line.multiplyAdds == 2 * 9 * 4)
        }
        #expect(summary.lines.contains { text($0) == "block.crossAttention.projection|Dense 4 → 12|[1, 3, 8]|p60 m96" })
        let logits = try #require(summary.lines.last { $0.path == "words" })
        #expect(logits.output == nil)
        #expect(logits.multiplyAdds == 132)
    }

    /// A layer that is made during the pass has no path in the network.
    @Test func listsLayersMadeDuringThePass() {
        let network = Lambda("doubled") { Activate(.relu)($0) * 2 }
        #expect(Sequential { network }.summary(input: [3]).lines.map(\.path) == ["0", "0.–"])
    }

    /// Multiply-adds by the formulas of the operations.
    @Test(
        arguments: [
            (Dense(6, 4), [3, 6], 3 * 24), (Dense(6, 4), [2, 5, 6], 10 * 24),
            (Conv2D(2, 3, kernelSize: IntPair(3, 2), stride: 2), [2, 7, 8, 2], 2 * 3 * 4 * 3 * 2 * 2 * 3),
            (Conv2D(2, 3, kernelSize: 1), [2, 7, 8, 2], 2 * 56 * 6),
            (Conv2D(32, 32, padding: .same), [1, 16, 16, 32], 256 * 9 * 1024),
            (ConvTranspose2D(2, 3), [2, 4, 5, 2], 2 * 20 * 2 * 4 * 3),
            (LSTM(3, 5, bidirectional: true), [2, 7, 3], 2 * 14 * 4 * 5 * (3 + 5)),
            (GRU(3, 5), [2, 7, 3], 14 * 3 * 5 * (3 + 5)),
            (MultiHeadAttention(6, heads: 2), [2, 5, 6], 10 * 6 * 24 + 2 * 2 * 25 * 6),
            (Sequential { MaxPool2D(2) }, [1, 4, 4, 1], 0),
        ] as [(any Layer, Shape, Int)])
    func countsMultiplyAdds(layer: any Layer, input: Shape, expected: Int) {
        let summary = layer.summary(input: input)
        #expect(summary.multiplyAdds == expected)
        #expect(summary.parameters == layer.parameterCount)
        #expect(summary.output == layer(.zeros(input)).shape)
    }

    /// A summary lists only the calls of its own task.
    @Test func concurrentTasksAreNotListed() async {
        let (network, expected) = (Reader(), Reader().summary(input: [1, 8, 8, 1]))
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { #expect(network.summary(input: [1, 8, 8, 1]) == expected) }
                group.addTask { _ = network(.zeros([1, 8, 8, 1])) }
            }
        }
    }

    @Test func descriptionIsATable() {
        let network = Sequential {
            Conv2D(1, 32, activation: .relu)
            BatchNorm(32)
            MaxPool2D(2)
            Flatten()
            Dense(5408, 10)
        }
        #expect(
            network.summary(input: [1, 28, 28, 1]).description == """
                Sequential, input [1, 28, 28, 1]
                ────────────────────────────────────────────────────────────────────────────────
                   layer                 output           parameters  not trained  multiply-adds
                ────────────────────────────────────────────────────────────────────────────────
                0  Conv2D 1 → 32, 3 × 3  [1, 26, 26, 32]         320                     194,688
                1  BatchNorm 32          [1, 26, 26, 32]          64           64
                2  MaxPool2D 2 × 2       [1, 13, 13, 32]
                3  Flatten               [1, 5408]
                4  Dense 5408 → 10       [1, 10]              54,090                      54,080
                ────────────────────────────────────────────────────────────────────────────────
                   total                 [1, 10]              54,474           64        248,768
                213 KiB of parameters
                """)
    }
}
