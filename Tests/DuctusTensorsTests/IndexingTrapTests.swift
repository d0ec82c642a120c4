import DuctusAutograd
import DuctusTensors
import Testing

/// A mistake, and the sentence that it ends the process with.
struct Mistake: Sendable, CustomStringConvertible {
    let description: String
    let make: @Sendable () -> Void

    init(_ sentence: String, _ make: @escaping @Sendable () -> Void) { (description, self.make) = (sentence, make) }
}

@Suite struct IndexingTrapTests {
    private static var x: Tensor<Float> { .zeros([2, 3]) }

    static let mistakes: [Mistake] = [
        Mistake("The index is for 3 axes; shape [2, 3] has 2.") { _ = x[0..<1, ..., 0, 0] },
        Mistake("Index 2 is out of range for axis 0 of [2, 3].") { _ = x[2, ...] },
        Mistake("Index -4 is out of range for axis 1 of [2, 3].") { _ = x[..., -4] },
        Mistake("Range 1..<4 is out of range for axis 1 of [2, 3].") { _ = x[..., 1..<4] },
        Mistake("Range 3..< is out of range for axis 0 of [2, 3].") { _ = x[3..., ...] },
        Mistake("Range -1..<0 is out of range for axis 0 of [2, 3].") { _ = x[-1..<0, ...] },
        Mistake("Stride from 3 to nil by -1 is out of range for axis 1 of [2, 3].") {
            _ = x[..., .strided(from: 3, by: -1)]
        },
        Mistake("A stride of 0 leads nowhere.") { _ = x[.strided(by: 0), ...] },
        Mistake("Index 3 is out of range for axis 1 of [2, 3].") { _ = x[..., [0, 3]] },
        Mistake("Index -3 is out of range for axis 0 of [2, 3].") { _ = x[[1, -3], ...] },
        Mistake("A mask of shape [3] does not fit axes 0..<1 of [2, 3].") { _ = x[Tensor([true, false, true])] },
        Mistake("Shapes [2] and [3] do not broadcast: axis 0 is 2 and 3.") { _ = x[[0, 1], [0, 1, 2]] },
        Mistake("Shape [2] does not broadcast") {
            var y = x
            y[0, ...] = [1, 2]
        },
        Mistake("Index [1] has 1 numbers; shape [2, 3] needs 2. `...` stands for whole axes.") {
            let element: Float = x[1]
            _ = element
        },
        Mistake("Element 2 of [3] is 256.0, which does not fit UInt8.") {
            _ = Tensor<UInt8>([1, 2, 256] as Tensor<Float>)
        },
        Mistake("Element 0 of [1] is nan, which does not fit Int32.") { _ = Tensor<Int32>(Tensor<Double>([.nan])) },
        Mistake("Element 0 of [1] is -1, which does not fit UInt8.") { _ = Tensor<UInt8>([-1] as Tensor<Int32>) },
        Mistake("scatteringAdd: a sum does not fit UInt8.") {
            _ = Tensor<UInt8>([250]).scatteringAdd(3, at: [0, 0], axis: 0)
        },
        Mistake("Axis 1 of [2, 3] does not split into 2 equal parts.") { _ = x.split(into: 2, axis: 1) },
        Mistake("Sizes [1, 1] do not fill axis 1 of [2, 3].") { _ = x.split(sizes: [1, 1], axis: 1) },
        Mistake("Shapes [2, 3] and [3] cannot be stacked.") { _ = Tensor.stacked([x, x[0, ...]]) },
        Mistake("padded needs one pair for every axis of [2, 3]; got 1.") { _ = x.padded([(0, 1)], mode: .edge) },
        Mistake("gatheredAlong needs indices with as many axes as [2, 3]; they have shape [1].") {
            _ = x.gatheredAlong([0], axis: 1)
        },
        Mistake("Converting Float to Double has no gradient.") {
            _ = valueAndGradient(at: [x]) {
                _ = Tensor<Double>($0[0])
                return $0[0].sum()
            }
        },
        Mistake("Assigning at positions, which may be equal, has no gradient; scatteringAdd has one.") {
            _ = valueAndGradient(at: [x]) { inputs in
                var y = x
                y[[0, 0], ...] = inputs[0]
                return y.sum()
            }
        },
        Mistake("A new axis cannot be number 4 of shape [2, 3] expanded.") { _ = x.expandingShape(at: 4) },
        Mistake("arange from 0.0 to 1.0 by 0.0 has no end.") { _ = Tensor<Float>.arange(0, 1, step: 0) },
    ]

    @Test(arguments: mistakes.indices) func mistakesAreNamed(number: Int) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [number] in
            Self.mistakes[number].make()
        }
        #expect(TensorTrapTests.message(result).contains(Self.mistakes[number].description))
    }
}
