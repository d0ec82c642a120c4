import DuctusLayers
import Testing

/// Wrong shapes trap with a message that states the path of the layer and the expected and actual shapes.
@Suite struct LayerTrapTests {
    private static func message(_ result: ExitTest.Result?) -> String {
        String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }

    @Test func denseInANetworkNamesItsPath() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let network = Sequential {
                Flatten()
                Dense(6, 4)
            }
            network.nameParameters()
            _ = network(.zeros([2, 5]))
        }
        #expect(Self.message(result).contains("1 (Dense 6 → 4): input is [2, 5]; last axis must be 6"))
    }

    @Test func denseAloneHasNoPath() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Dense(6, 4)(.zeros([2, 5]))
        }
        #expect(Self.message(result).contains("error: (Dense 6 → 4): input is [2, 5]; last axis must be 6"))
    }

    @Test func theNetworkItselfHasNoPath() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let layer = Dense(6, 4)
            layer.nameParameters()
            _ = layer(.zeros([2, 5]))
        }
        #expect(Self.message(result).contains("error: (Dense 6 → 4): input is [2, 5]; last axis must be 6"))
    }

    @Test func convolutionNamesTheInput() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let network = TimeDistributed(Conv2D(3, 4))
            network.nameParameters()
            _ = network(.zeros([2, 2, 8, 8, 1]))
        }
        #expect(
            Self.message(result).contains(
                "layer (Conv2D 3 → 4, 3 × 3): input is [4, 8, 8, 1]; it must be [batch, height, width, 3]"))
    }

    @Test func transposedConvolutionNamesTheInput() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let network = Sequential { ConvTranspose2D(3, 4) }
            network.nameParameters()
            _ = network(.zeros([2, 8, 8, 1]))
        }
        #expect(
            Self.message(result).contains(
                "0 (ConvTranspose2D 3 → 4, 2 × 2): input is [2, 8, 8, 1]; it must be [batch, height, width, 3]"))
    }

    @Test func batchNormNamesTheInput() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let network = Sequential { BatchNorm(4) }
            network.nameParameters()
            _ = network(.zeros([2, 3]))
        }
        #expect(Self.message(result).contains("0 (BatchNorm 4): input is [2, 3]; last axis must be 4"))
    }

    @Test func lstmNamesTheInput() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let network = Sequential { LSTM(3, 4, bidirectional: true) }
            network.nameParameters()
            _ = network(.zeros([2, 3]))
        }
        #expect(Self.message(result).contains("0 (LSTM 3 → 2 × 4): input is [2, 3]; it must be [batch, time, 3]"))
    }

    @Test func recurrentLayersNameTheLengths() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = LSTM(3, 4)(.zeros([2, 5, 3]), lengths: [5, 6])
        }
        #expect(
            Self.message(result).contains("(LSTM 3 → 4): lengths are [5, 6]; there must be 2, from 0 to 5"))
        let other = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = GRU(3, 4)(.zeros([2, 5, 3]), lengths: [5])
        }
        #expect(Self.message(other).contains("(GRU 3 → 4): lengths are [5]; there must be 2, from 0 to 5"))
    }

    @Test func layerNormNamesTheInput() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = LayerNorm(4)(.zeros([2, 3]))
        }
        #expect(Self.message(result).contains("(LayerNorm 4): input is [2, 3]; last axis must be 4"))
    }

    @Test func gruNamesTheInput() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let network = Sequential { GRU(3, 4) }
            network.nameParameters()
            _ = network(.zeros([2, 3]))
        }
        #expect(Self.message(result).contains("0 (GRU 3 → 4): input is [2, 3]; it must be [batch, time, 3]"))
    }

    @Test func attentionNamesTheInput() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let network = Sequential { MultiHeadAttention(4, heads: 2) }
            network.nameParameters()
            _ = network(.zeros([2, 3, 5]))
        }
        #expect(
            Self.message(result).contains(
                "0 (MultiHeadAttention 4, 2 heads): input is [2, 3, 5]; it must be [batch, time, 4]"))
    }

    /// In properties, in arrays, and at any depth.
    @Test func layersWithoutParametersHavePaths() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            struct Reader: Layer {
                let features = [Sequential { Activate(.relu) }, Sequential { Residual { MaxPool2D(2) } }]
                func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { features.reduce(x) { $1($0) } }
            }
            let network = Reader()
            network.nameParameters()
            _ = network(.zeros([1, 1, 4, 3]))
        }
        #expect(
            Self.message(result).contains(
                "features.1.0.body.0 (MaxPool2D 2 × 2): input is [1, 1, 4, 3]; it must be [batch, height, width, channels]"
            ))
    }

    @Test func residualNamesBothShapes() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let network = Sequential { Residual(AveragePool2D(2)) }
            network.nameParameters()
            _ = network(.zeros([1, 4, 4, 3]))
        }
        #expect(
            Self.message(result).contains(
                "0 (Residual): the output of the body is [1, 2, 2, 3], that of the skip connection [1, 4, 4, 3]; "
                    + "they must be equal"))
    }

    @Test func globalPoolingNamesEmptyImages() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = GlobalMaxPool2D()(.zeros([1, 4, 0, 3]))
        }
        #expect(Self.message(result).contains("(GlobalMaxPool2D): input is [1, 4, 0, 3]; it must be"))
    }

    @Test func upsamplingNamesTheInput() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let network = Sequential { Upsampling2D(2, .bilinear) }
            network.nameParameters()
            _ = network(.zeros([4, 4, 3]))
        }
        #expect(Self.message(result).contains("0 (Upsampling2D × 2, 2, bilinear): input is [4, 4, 3]; it must be"))
    }

    @Test func groupNormNamesTheInput() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = GroupNorm(6, groups: 2)(.zeros([2, 4]))
        }
        #expect(Self.message(result).contains("(GroupNorm 6, 2 groups): input is [2, 4]; it must be [batch, …, 6]"))
    }

    @Test func embeddingNamesTheIndex() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            struct Reader: Module { let words = Embedding(5, 2) }
            let reader = Reader()
            reader.nameParameters()
            _ = reader.words([0, -1])
        }
        #expect(Self.message(result).contains("words (Embedding 5 → 2): index -1 is not one of 5"))
    }

    @Test func crossAttentionNamesTheMemory() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let block = TransformerDecoderBlock(4, heads: 2, hidden: 8)
            block.nameParameters()
            _ = block(.zeros([2, 3, 4]), attendingTo: .zeros([2, 5, 6]))
        }
        #expect(
            Self.message(result).contains(
                "crossAttention (MultiHeadAttention 4, 2 heads): memory is [2, 5, 6]; it must be [2, keys, 4]"))
    }

    @Test func attentionNamesTheKeyLengths() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = MultiHeadAttention(4, heads: 2)(.zeros([2, 3, 4]), keyLengths: [3, 0])
        }
        #expect(Self.message(result).contains("key lengths are [3, 0]; they must be 2 numbers from 1 to 3"))
    }

    @Test func learnedPositionsNameLongSequences() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = LearnedPositions(4, 2)(.zeros([1, 5, 2]))
        }
        #expect(
            Self.message(result).contains(
                "(LearnedPositions 4 × 2): input is [1, 5, 2]; it must be [batch, time up to 4, 2]"))
    }

    @Test func poolingNamesSmallImages() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = MaxPool2D(2)(.zeros([1, 1, 4, 3]))
        }
        #expect(Self.message(result).contains("(MaxPool2D 2 × 2): input is [1, 1, 4, 3]; it must be"))
    }

    @Test func timeDistributedNamesTheInput() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = TimeDistributed(Flatten())(.zeros([4]))
        }
        #expect(Self.message(result).contains("(TimeDistributed Flatten): input is [4]; it must be [batch, time, …]"))
    }

    @Test func dropoutNamesTheRate() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            withTraining { _ = Dropout(1.5)(.zeros([4])) }
        }
        #expect(Self.message(result).contains("rate is 1.5; it must be from 0 to 1"))
    }
}
