import DuctusLayers
import Testing

/// A shape mistake ends the process with one sentence: the layer's path, what it expects, what it was given.
@Suite struct LayerTrapTests {
    private static func message(_ result: ExitTest.Result?) -> String {
        String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }

    @Test func denseInsideANetwork() async {
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

    @Test func denseAlone() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Dense(6, 4)(.zeros([2, 5]))
        }
        #expect(Self.message(result).contains("error: (Dense 6 → 4): input is [2, 5]; last axis must be 6"))
    }

    @Test func aLayerThatIsTheWholeNetwork() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let layer = Dense(6, 4)
            layer.nameParameters()
            _ = layer(.zeros([2, 5]))
        }
        #expect(Self.message(result).contains("error: (Dense 6 → 4): input is [2, 5]; last axis must be 6"))
    }

    @Test func convolution() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let network = TimeDistributed(Conv2D(3, 4))
            network.nameParameters()
            _ = network(.zeros([2, 2, 8, 8, 1]))
        }
        #expect(
            Self.message(result).contains(
                "layer (Conv2D 3 → 4, 3 × 3): input is [4, 8, 8, 1]; it must be [batch, height, width, 3]"))
    }

    @Test func transposedConvolution() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let network = Sequential { ConvTranspose2D(3, 4) }
            network.nameParameters()
            _ = network(.zeros([2, 8, 8, 1]))
        }
        #expect(
            Self.message(result).contains(
                "0 (ConvTranspose2D 3 → 4, 2 × 2): input is [2, 8, 8, 1]; it must be [batch, height, width, 3]"))
    }

    @Test func batchNorm() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let network = Sequential { BatchNorm(4) }
            network.nameParameters()
            _ = network(.zeros([2, 3]))
        }
        #expect(Self.message(result).contains("0 (BatchNorm 4): input is [2, 3]; last axis must be 4"))
    }

    @Test func lstm() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let network = Sequential { LSTM(3, 4, bidirectional: true) }
            network.nameParameters()
            _ = network(.zeros([2, 3]))
        }
        #expect(Self.message(result).contains("0 (LSTM 3 → 2 × 4): input is [2, 3]; it must be [batch, time, 3]"))
    }

    @Test func layerNorm() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = LayerNorm(4)(.zeros([2, 3]))
        }
        #expect(Self.message(result).contains("(LayerNorm 4): input is [2, 3]; last axis must be 4"))
    }

    @Test func gru() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let network = Sequential { GRU(3, 4) }
            network.nameParameters()
            _ = network(.zeros([2, 3]))
        }
        #expect(Self.message(result).contains("0 (GRU 3 → 4): input is [2, 3]; it must be [batch, time, 3]"))
    }

    @Test func attention() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let network = Sequential { MultiHeadAttention(4, heads: 2) }
            network.nameParameters()
            _ = network(.zeros([2, 3, 5]))
        }
        #expect(
            Self.message(result).contains(
                "0 (MultiHeadAttention 4, 2 heads): input is [2, 3, 5]; it must be [batch, time, 4]"))
    }

    @Test func pooling() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = MaxPool2D(2)(.zeros([1, 1, 4, 3]))
        }
        #expect(Self.message(result).contains("(MaxPool2D 2 × 2): input is [1, 1, 4, 3]; it must be"))
    }

    @Test func timeDistributed() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = TimeDistributed(Flatten())(.zeros([4]))
        }
        #expect(Self.message(result).contains("(TimeDistributed Flatten): input is [4]; it must be [batch, time, …]"))
    }

    @Test func dropoutRate() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Dropout(1)(.zeros([4]))
        }
        #expect(Self.message(result).contains("the rate is 1.0; it must be at least 0 and below 1"))
    }
}
