import DuctusNetworks
import DuctusTestSupport
import Testing

/// Networks with sliding windows.
@Suite struct WindowTests {
    @Test func windowsEqualSlices() {
        let line = Tensor<Float>.sample([2, 3, 11, 2])
        for (width, stride) in [(1, 1), (4, 3), (4, 5), (11, 1), (3, 20)] {
            let layer = SlidingWindows(width, stride: stride)
            let slices = (0..<layer.count(width: 11)).map { line.sliced($0 * stride..<$0 * stride + width, axis: 2) }
            #expect(layer(line) == Tensor.stacked(slices, axis: 1))
        }
        #expect(SlidingWindows(4, stride: 3).count(width: 3) == 0)
    }

    @Test func windowsNameLinesThatAreTooNarrow() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = SlidingWindows(4, stride: 1)(.zeros([1, 28, 3, 1]))
        }
        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(message.contains("SlidingWindows 4, stride 1): input is [1, 28, 3, 1]; it must be"))
    }

    /// Convolutions on the whole line and their gradients equal those of a LeNet on every window, for even and odd strides
    /// and widths.
    @Test(arguments: [(8, 4), (8, 3), (9, 4), (9, 3), (7, 7), (6, 1)]) func wholeLineAgrees(window: Int, stride: Int) {
        let configuration = LineCNN.Configuration(
            classes: 4, characters: 3, columns: 41, window: window, stride: stride, filters: [2, 3], width: 5,
            dropout: 0)
        let (plain, shared) = Initialization.seeded(4) { (SlidingWindowCNN(configuration), LineCNN(configuration)) }
        for (theirs, ours) in zip(plain.namedParameters, shared.namedParameters) {
            theirs.parameter.stored = .sample(theirs.parameter.shape, seed: UInt64(theirs.parameter.shape.elementCount))
            ours.parameter.stored = theirs.parameter.stored.reshaped(to: ours.parameter.shape)
        }
        let line = Tensor<Float>.sample([2, 28, 41, 1], seed: 5)
        let results = [plain as any Network, shared].map { network in
            valueAndGradient(of: network.trainableParameters) { (network(line) * .sample([2, 3, 4])).sum() }
        }
        #expect(disagreement(of: shared(line), with: plain(line), tolerance: 1e-4) == nil)
        for (theirs, ours) in zip(plain.trainableParameters, shared.trainableParameters) {
            guard let expected = results[0].gradients[theirs], let found = results[1].gradients[ours] else {
                Issue.record("a parameter has no gradient")
                continue
            }
            #expect(disagreement(of: found.reshaped(to: theirs.shape), with: expected, tolerance: 1e-4) == nil)
        }
    }

    @Test(arguments: [(14, 5, 188), (12, 5, 189), (14, 7, 135), (28, 14, 67), (7, 7, 136)])
    func lstmHasAStepForEveryWindow(window: Int, stride: Int, steps: Int) {
        let network = LineLSTM(
            .init(classes: 5, window: window, stride: stride, filters: [1, 1], width: 2, hidden: 2))
        #expect(network(.zeros([1, 28, 952, 1])).shape == [1, steps, 5])
        #expect(network.steps(width: 952) == steps)
        #expect(network(.zeros([1, 28, network.minimumWidth, 1])).shape == [1, 1, 5])
    }

    /// Surplus groups of windows are dropped.
    @Test func lineCNNHasAStepForEveryCharacter() {
        let network = LineCNN(.init(classes: 5, filters: [1, 1], width: 2))
        #expect(network(.zeros([1, 28, 952, 1])).shape == [1, 34, 5])
        #expect(network.steps(width: 952) == 34)
        #expect(network(.zeros([1, 28, 1000, 1])).shape == [1, 34, 5])
        #expect(LineCNN.Configuration(classes: 5, columns: 100).problem?.contains("too few for 34 characters") == true)
    }
}
