import DuctusAutograd
import Testing

/// Invalid arguments trap with a message that states the expected and the actual value.
@Suite struct OperationTrapTests {
    static func message(_ result: ExitTest.Result?) -> String {
        String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }

    @Test func denseNamesTheInput() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = dense(Tensor<Float>.zeros([128, 1600]), weight: .zeros([3136, 10]), bias: nil)
        }
        #expect(Self.message(result).contains("dense: input is [128, 1600]; its last axis must be 3136."))
    }

    @Test func denseNamesTheBias() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = dense(Tensor<Float>.zeros([2, 3]), weight: .zeros([3, 10]), bias: .zeros([4]))
        }
        #expect(Self.message(result).contains("[4]"))
    }

    @Test func convolutionNamesBothShapes() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = convolution2D(Tensor<Float>.zeros([1, 8, 8, 3]), weight: .zeros([3, 3, 4, 5]), bias: nil)
        }
        #expect(Self.message(result).contains("input is [1, 8, 8, 3], weight [3, 3, 4, 5]"))
    }

    @Test func convolutionNamesTheBias() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = convolution2D(Tensor<Float>.zeros([1, 8, 8, 3]), weight: .zeros([3, 3, 3, 5]), bias: .zeros([2]))
        }
        #expect(Self.message(result).contains("[2]"))
        let row = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = convolution2D(Tensor<Float>.zeros([1, 8, 8, 3]), weight: .zeros([3, 3, 3, 5]), bias: .zeros([1, 5]))
        }
        #expect(Self.message(row).contains("convolution2D: bias is [1, 5]; it must be [5]."))
    }

    @Test func convolutionNamesImagesThatAreTooSmall() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = convolution2D(Tensor<Float>.zeros([1, 4, 9, 3]), weight: .zeros([3, 3, 3, 5]), bias: nil, dilation: 2)
        }
        #expect(Self.message(result).contains("input [1, 4, 9, 3] is smaller than the kernel [3, 3, 3, 5]"))
    }

    @Test func averagePoolingNamesImagesThatAreTooSmall() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = averagePool2D(Tensor<Float>.zeros([1, 2, 9, 3]), kernel: 3)
        }
        #expect(Self.message(result).contains("input [1, 2, 9, 3] is smaller than the window 3 × 3."))
    }

    @Test func resizingNamesEmptySizes() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = resize2D(Tensor<Float>.zeros([1, 2, 9, 3]), to: IntPair(4, 0))
        }
        #expect(Self.message(result).contains("resize2D: size is 4 × 0; it must be at least 1 × 1."))
    }

    @Test func embeddingNamesTheIndex() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = embedding([0, 5], table: Tensor<Float>.zeros([5, 2]))
        }
        #expect(Self.message(result).contains("embedding: index 5 is not one of 5 rows."))
    }

    @Test func groupNormalizationNamesTheGroups() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = groupNormalization(Tensor<Float>.zeros([2, 6]), groups: 4, scale: .ones([6]), shift: .zeros([6]))
        }
        #expect(Self.message(result).contains("6 channels cannot be divided into 4 groups."))
    }

    @Test func transposedConvolutionNamesBothShapes() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = transposedConvolution2D(Tensor<Float>.zeros([1, 8, 8, 3]), weight: .zeros([2, 2, 4, 5]), bias: nil)
        }
        #expect(Self.message(result).contains("input is [1, 8, 8, 3], weight [2, 2, 4, 5]"))
    }

    @Test func transposedConvolutionNamesExcessivePadding() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = transposedConvolution2D(
                Tensor<Float>.zeros([1, 2, 1, 3]), weight: .zeros([2, 2, 3, 5]), bias: nil, padding: .zeros(1))
        }
        #expect(Self.message(result).contains("the padding crops all of the output for an input of 2 × 1 pixels."))
    }

    @Test func batchNormalizationNamesTheShift() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = batchNormalization(Tensor<Float>.ones([4, 3]), scale: .ones([3]), shift: .zeros([2]))
        }
        #expect(Self.message(result).contains("[2]"))
    }

    @Test func crossEntropyNamesTheLabel() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = softmaxCrossEntropy(Tensor<Float>.zeros([2, 5]), [0, 5])
        }
        #expect(Self.message(result).contains("label 5 is not one of 5 classes"))
    }

    @Test func ctcNamesTheSample() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = ctcLoss(Tensor<Float>.zeros([2, 5, 4]), labels: [[1, 2], [3, 0]], labelLengths: [2, 2])
        }
        #expect(Self.message(result).contains("sample 1 has label 0; labels must be below 4 and not the blank, 0."))
    }

    @Test func ctcNamesTheNumberOfLengths() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = ctcLoss(Tensor<Float>.zeros([2, 5, 4]), labels: [[1], [3]], labelLengths: [1, 1], logitLengths: [5])
        }
        #expect(Self.message(result).contains("ctcLoss: "))
    }

    @Test func lstmNamesItsWeights() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let weights = LSTMWeights<Float>(input: .zeros([6, 12]), recurrent: .zeros([3, 12]), bias: .zeros([12]))
            _ = lstm(.zeros([2, 4, 7]), forward: weights)
        }
        #expect(Self.message(result).contains("lstm: input is [2, 4, 7], weights are [6, 12]"))
    }

    @Test func layerNormalizationNamesTheScale() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = layerNormalization(Tensor<Float>.ones([4, 3]), scale: .ones([3]), shift: .zeros([1, 3]))
        }
        #expect(Self.message(result).contains("scale is [3], shift [1, 3]; both must be [3]"))
    }

    @Test func gruNamesItsWeights() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let weights = GRUWeights<Float>(
                input: .zeros([6, 9]), recurrent: .zeros([3, 9]), bias: .zeros([9]), candidateBias: .zeros([3]))
            _ = gru(.zeros([2, 4, 7]), forward: weights)
        }
        #expect(Self.message(result).contains("gru: input is [2, 4, 7], weights are [6, 9]"))
    }

    @Test func attentionNamesTheHeads() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let x = Tensor<Float>.zeros([1, 2, 6])
            _ = attention(query: x, key: x, value: x, heads: 4)
        }
        #expect(Self.message(result).contains("attention: 6 channels cannot be divided among 4 heads."))
    }

    @Test func attentionNamesSamplesWithoutKeys() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = selfAttention(
                Tensor<Float>.zeros([2, 2, 6]), heads: 1,
                mask: Tensor([true, true, true, true, true, true, false, false], shape: [2, 2, 2]))
        }
        #expect(Self.message(result).contains("attention: the mask leaves a query of sample 1 without keys."))
    }

    @Test func gradientsNeedAScalar() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = valueAndGradient(at: [Tensor<Float>.zeros([2, 3])]) { $0[0].exp() }
        }
        #expect(Self.message(result).contains("the result has shape [2, 3]"))
    }

    @Test func gradientsHaveTheShapesOfTheirInputs() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            func tripled(_ x: Tensor<Float>) -> Tensor<Float> {
                (x.detached() * 3).recorded(from: x) { _ in .zeros([1000, 3]) }
            }
            _ = valueAndGradient(at: [Tensor<Float>.zeros([3])]) { tripled($0[0]).sum() }
        }
        #expect(
            Self.message(result).contains(
                "tripled(_:): the gradient of input 0 has shape [1000, 3]; it must have that of the input, [3]."))
    }

    @Test func everyInputHasAGradient() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            func total(_ x: Tensor<Float>, _ y: Tensor<Float>) -> Tensor<Float> {
                (x.detached() + y.detached()).recorded(inputs: [x, y]) { [$0] }
            }
            _ = valueAndGradient(at: [Tensor<Float>.zeros([3]), .zeros([3])]) { total($0[0], $0[1]).sum() }
        }
        #expect(
            Self.message(result).contains(
                "total(_:_:): the number of gradients is 1; it must be that of the inputs, 2."))
    }

    @Test func gradientsHaveTheShapesOfTheirParameters() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var gradients = Gradients()
            gradients.append(.zeros([4]), for: Parameter(.zeros([3])))
        }
        #expect(Self.message(result).contains("has shape [4]; it must have that of the parameter, [3]."))
    }

    @Test func clippingNamesTheBound() async {
        let value = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var gradients = Gradients()
            gradients.clip(toValue: -1)
        }
        #expect(Self.message(value).contains("Gradients: the value to clip to is -1.0; it must be at least 0."))
        let norm = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var gradients = Gradients()
            gradients.clip(toNorm: .nan)
        }
        #expect(Self.message(norm).contains("Gradients: the norm to clip to is nan; it must be at least 0."))
    }

    @Test func memoryOfRecordedTensorsCannotBeWrittenTo() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = valueAndGradient(at: [Tensor<Float>.ones([3])]) {
                var y = -$0[0]
                y.withUnsafeMutableBuffer { $0[1] = 7 }
                return y.sum()
            }
        }
        #expect(
            Self.message(result).contains("A tensor recorded by a tape cannot be written in place; detach it first."))
    }
}
