import DuctusLayers
import DuctusTestSupport
import Testing

/// Layers for sequences.
@Suite struct SequenceLayerTests {
    /// `torch.nn.RMSNorm(3, eps=1e-6)` of PyTorch 2.15 in double precision.
    @Test func rootMeanSquaresAreThoseOfPyTorch() {
        let norm = RMSNorm(3)
        norm.scale.stored = [1, 2, -1]
        let expected: Tensor<Float> = [
            [0.4629100002887783, 1.8516400011551133, -1.388730000866335],
            [0, -3.4373510780953467, -0.21483444238095917],
        ]
        #expect(disagreement(of: norm([[1, 2, 3], [0, -4, 0.5]]), with: expected, tolerance: 1e-6) == nil)
    }

    /// A convolution by its definition, with zeros around the sequence.
    private func definition(_ layer: Conv1D, _ x: Tensor<Float>, before: Int, steps: Int) -> Tensor<Float> {
        let (weight, outputs) = (layer.weight.value, layer.weight.shape[2])
        let (insideGroup, outsideGroup) = (layer.weight.shape[1], outputs / layer.groups)
        var values: [Float] = []
        for n in 0..<x.shape[0] {
            for step in 0..<steps {
                for output in 0..<outputs {
                    var sum = Double(layer.bias?.value[output].item() ?? 0)
                    for tap in 0..<layer.weight.shape[0] {
                        let time = step * layer.stride + tap * layer.dilation - before
                        guard 0..<x.shape[1] ~= time else { continue }
                        for input in 0..<insideGroup {
                            let channel = output / outsideGroup * insideGroup + input
                            sum += Double(x[n, time, channel].item()) * Double(weight[tap, input, output].item())
                        }
                    }
                    values.append(Float(sum))
                }
            }
        }
        return Tensor(values, shape: [x.shape[0], steps, outputs])
    }

    @Test func convolutionsOfSequencesFollowTheirDefinition() {
        let x = Tensor<Float>.sample([2, 9, 4])
        let cases: [(layer: Conv1D, before: Int, steps: Int)] = [
            (Conv1D(4, 6), 0, 7), (Conv1D(4, 6, kernelSize: 4, stride: 2, padding: .zeros(3)), 3, 6),
            (Conv1D(4, 6, kernelSize: 3, padding: .same, groups: 2), 1, 9),
            (Conv1D(4, 6, kernelSize: 2, padding: .causal, dilation: 3), 3, 9), (Conv1D(4, 4, groups: 4), 0, 7),
        ]
        for (layer, before, steps) in cases {
            let expected = definition(layer, x, before: before, steps: steps)
            #expect(disagreement(of: layer(x), with: expected, tolerance: 1e-5) == nil, "\(layer)")
        }
    }

    @Test func causalConvolutionsDoNotLookAhead() {
        let layer = Conv1D(2, 3, kernelSize: 3, padding: .causal)
        let x = Tensor<Float>.sample([1, 8, 2])
        let changed = Tensor.concatenated([x.sliced(0..<5, axis: 1), x.sliced(5..<8, axis: 1) + 1], axis: 1)
        #expect(layer(x).sliced(0..<5, axis: 1) == layer(changed).sliced(0..<5, axis: 1))
    }

    /// Products of turned queries and keys depend on their distance alone, and turning keeps lengths.
    @Test func rotationsTellDistances() {
        let positions = RotaryPositions(8)
        let (q, k) = (Tensor<Float>.sample([1, 8]), Tensor<Float>.sample([1, 8], seed: 2))
        func product(_ first: Int, _ second: Int) -> Float {
            (positions(q, from: first) * positions(k, from: second)).sum().item()
        }
        #expect(abs(product(3, 7) - product(13, 17)) < 1e-5)
        #expect(abs(product(3, 7) - product(3, 8)) > 1e-3)
        #expect(abs(positions(q, from: 50).squared().sum().item() - q.squared().sum().item()) < 1e-5)
        #expect(positions(q, from: 0) == q)
    }
}
