import DuctusLayers
import DuctusTestSupport
import Testing

@Suite struct LSTMStepTests {
    /// Outputs and gradients of steps from a state of zeros are those of the whole sequence.
    @Test func stepsEqualTheWholeSequence() throws {
        let layer = LSTM(3, 4)
        let x = Tensor<Float>.sample([2, 5, 3])
        let weights = Tensor<Float>.sample([2, 5, 4], seed: 2)
        func stepped() -> Tensor<Float> {
            var state = LSTM.State(output: .zeros([2, 4]), cell: .zeros([2, 4]))
            return .stacked(
                (0..<5).map {
                    state = layer.step(x.sliced($0..<$0 + 1, axis: 1).squeezingShape(at: 1), from: state)
                    return state.output
                }, axis: 1)
        }
        #expect(disagreement(of: stepped(), with: layer(x), tolerance: 1e-6) == nil)
        let whole = valueAndGradient(of: layer) { ($0(x) * weights).sum() }.gradients
        let parts = valueAndGradient(of: layer) { _ in (stepped() * weights).sum() }.gradients
        for parameter in layer.trainableParameters {
            let (expected, found) = (try #require(whole[parameter]), try #require(parts[parameter]))
            #expect(disagreement(of: found, with: expected, tolerance: 1e-5) == nil)
        }
    }

    @Test func bidirectionalLayersHaveNoSteps() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let initial = LSTM.State(output: .zeros([1, 2]), cell: .zeros([1, 2]))
            _ = LSTM(3, 2, bidirectional: true).step(.zeros([1, 3]), from: initial)
        }
        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(message.contains("a bidirectional layer needs the whole sequence"))
    }
}
