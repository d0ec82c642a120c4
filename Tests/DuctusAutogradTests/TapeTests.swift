import DuctusAutograd
import DuctusTestSupport
import Testing

/// Long, nested, interleaved, and abandoned recordings.
@Suite struct TapeTests {
    /// Enough nodes to overflow a small stack if anything recurses over them.
    private static let length = 100_000

    @Sendable private static func chain(_ x: Tensor<Float>) -> Tensor<Float> {
        (0..<length).reduce(x) { y, _ in y + Float(1) }
    }

    @Test func longRecordingsAreWalkedOnASmallStack() {
        let (value, gradient) = onSmallStack {
            let (value, gradients) = valueAndGradient(at: [Tensor<Float>(2)]) { Self.chain($0[0]) }
            return (value.item(), gradients[0].item())
        }
        #expect(value == Float(Self.length + 2))
        #expect(gradient == 1)
    }

    #if os(Linux)
        /// In a process of its own, whose memory is that of the recording.
        @Test func aMillionOperationsFitInAGibibyteAndASmallStack() async {
            await #expect(processExitsWith: .success) {
                let gradient = onSmallStack {
                    valueAndGradient(at: [Tensor<Float>(2)]) { inputs in
                        (0..<1_000_000).reduce(inputs[0]) { y, _ in y + Float(1) }
                    }.gradients[0].item()
                }
                #expect(gradient == 1)
                let status = String(decoding: try File.readBytes("/proc/self/status"), as: UTF8.self)
                let peak = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
                let kibibytes = try #require(peak.split { !$0.isNumber }.first.flatMap { Int($0) })
                #expect(kibibytes <= 1 << 20)
            }
        }
    #endif

    @Test func longRecordingsCanBeThrownAway() {
        struct Stop: Error {}
        let isThrown = onSmallStack {
            do {
                _ = try valueAndGradient(at: [Tensor<Float>(2)]) { inputs in
                    if Self.chain(inputs[0]).item() > 0 { throw Stop() }
                    return inputs[0]
                }
                return false
            } catch { return true }
        }
        #expect(isThrown)
    }

    @Test func longRecordingsCanBeDetachedOrDropped() {
        let values = onSmallStack {
            let detached = valueAndGradient(at: [Tensor<Float>(2)]) { Self.chain($0[0]).detached() + $0[0] }
            let dropped = valueAndPullback(at: [Tensor<Float>(2)]) { Self.chain($0[0]) }.value
            var kept = Tensor<Float>(0)
            _ = valueAndPullback(at: [Tensor<Float>(2)]) {
                kept = Self.chain($0[0])
                return $0[0]
            }
            return [detached.gradients[0].item(), dropped.item(), kept.item()]
        }
        #expect(values == [1, Float(Self.length + 2), Float(Self.length + 2)])
    }

    @Test func tensorsOutliveTheirRecording() {
        var kept = Tensor<Float>(0)
        _ = valueAndGradient(at: [Tensor<Float>([1, 2])]) {
            kept = $0[0] * Float(3)
            return kept.sum()
        }
        #expect(!kept.isRecorded)
        #expect((kept * kept).sum().item() == 45)
        kept[0] = 7
        #expect(kept == [7, 6])
        let (_, gradients) = valueAndGradient(at: [kept]) { ($0[0] * kept).sum() }
        #expect(gradients[0] == [7, 6])
    }

    // MARK: Nesting

    @Test func parametersInsideAnInnerRecordingAreItsConstants() {
        let weight = Parameter(Tensor<Float>(1))
        let (_, gradients) = valueAndGradient(of: [weight]) {
            let x = Tensor<Float>(3)
            let inner = valueAndGradient(at: [x]) { $0[0] * weight.value }.gradients[0]
            return (x + inner.sign() * Float(0.1)) * weight.value
        }
        #expect(gradients[weight]?.item() == 3.1)
    }

    @Test func tensorsOfAnOuterRecordingAreConstantsOfTheInnerOne() {
        let (_, gradients) = valueAndGradient(at: [Tensor<Double>(2)]) { outer in
            let (value, inner) = valueAndGradient(at: [Tensor<Double>(5)]) { $0[0] * $0[0] * outer[0] }
            #expect(inner[0].item() == 20)
            // The value is 25 w, a function of the outer tensor.
            return value * outer[0] + inner[0].detached() * outer[0]
        }
        #expect(gradients[0].item() == 2 * 25 * 2 + 20)
    }

    @Test func watchingARecordedTensorKeepsItsRecording() {
        let (_, gradients) = valueAndGradient(at: [Tensor<Double>(3)]) { outer in
            valueAndGradient(at: [outer[0] * 2]) { $0[0] * $0[0] }.value
        }
        #expect(gradients[0].item() == 24)
    }

    @Test func interleavedRecordingsAreIndependent() {
        var fromFirst = Tensor<Double>(0)
        let first = valueAndPullback(at: [Tensor<Double>(3)]) {
            fromFirst = $0[0] * 2
            return fromFirst * fromFirst
        }
        let second = valueAndPullback(at: [Tensor<Double>(5)]) { $0[0] * fromFirst }
        #expect(first.pullback(Tensor(1))[0].item() == 24)
        #expect(second.pullback(Tensor(1))[0].item() == 6)
    }

    @Test func derivativesOfGradientsAreRefused() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = valueAndGradient(at: [Tensor<Double>(2)]) { outer in
                let slope = valueAndGradient(at: outer) { $0[0] * $0[0] * $0[0] }.gradients[0]
                return slope * outer[0]
            }
        }
        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(message.contains("no second derivatives"))
    }

    /// The gradient of a pullback depends on its argument.
    @Test func derivativesThroughAPullbackAreRefused() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = valueAndGradient(at: [Tensor<Double>(2)]) { outer in
                valueAndPullback(at: [Tensor<Double>(5)]) { $0[0] * 3 }.pullback(outer[0])[0]
            }
        }
        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(message.contains("no second derivatives"))
    }

    @Test func derivativesOfInnerParameterGradientsAreRefused() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let weight = Parameter(Tensor<Float>(1))
            _ = valueAndGradient(of: [weight]) {
                let slope = valueAndGradient(at: [Tensor<Float>(3)]) { $0[0] * weight.value.squared() }.gradients[0]
                return slope.squared()
            }
        }
        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(message.contains("no second derivatives"))
    }
}
