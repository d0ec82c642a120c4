import DuctusAutograd
import DuctusTensors
import Testing

/// A programming error and the message that it traps with.
struct Mistake: Sendable, CustomStringConvertible {
    let description: String
    let make: @Sendable () -> Void

    init(_ sentence: String, _ make: @escaping @Sendable () -> Void) { (description, self.make) = (sentence, make) }
}

@Suite struct IndexingTrapTests {
    private static var x: Tensor<Float> { .zeros([2, 3]) }

    static let mistakes: [Mistake] = [
        Mistake("The index covers 3 axes, but shape [2, 3] has 2.") { _ = x[0..<1, ..., 0, 0] },
        Mistake("Index 2 is out of range for axis 0 of shape [2, 3].") { _ = x[2, ...] },
        Mistake("Index -4 is out of range for axis 1 of shape [2, 3].") { _ = x[..., -4] },
        Mistake("Range 1..<4 is out of range for axis 1 of shape [2, 3].") { _ = x[..., 1..<4] },
        Mistake("Range 3..< is out of range for axis 0 of shape [2, 3].") { _ = x[3..., ...] },
        Mistake("Range -1..<0 is out of range for axis 0 of shape [2, 3].") { _ = x[-1..<0, ...] },
        Mistake("Stride from 3 to nil by -1 is out of range for axis 1 of shape [2, 3].") {
            _ = x[..., .strided(from: 3, by: -1)]
        },
        Mistake("A strided index needs a step other than 0.") { _ = x[.strided(by: 0), ...] },
        Mistake("Index 3 is out of range for axis 1 of shape [2, 3].") { _ = x[..., [0, 3]] },
        Mistake("Index -3 is out of range for axis 0 of shape [2, 3].") { _ = x[[1, -3], ...] },
        Mistake("A mask of shape [3] does not match axes 0..<1 of shape [2, 3].") {
            _ = x[Tensor([true, false, true])]
        },
        Mistake("Shapes [2] and [3] do not broadcast: axis 0 has extents 2 and 3.") { _ = x[[0, 1], [0, 1, 2]] },
        Mistake("Shape [2] does not broadcast") {
            var y = x
            y[0, ...] = [1, 2]
        },
        Mistake("Index [1] has 1 numbers, but shape [2, 3] needs 2; use `...` for whole axes.") {
            let element: Float = x[1]
            _ = element
        },
        Mistake("Element 2 of [3] is 256.0, which does not fit in UInt8.") {
            _ = Tensor<UInt8>([1, 2, 256] as Tensor<Float>)
        },
        Mistake("Element 0 of [1] is nan, which does not fit in Int32.") { _ = Tensor<Int32>(Tensor<Double>([.nan])) },
        Mistake("Element 0 of [1] is -1, which does not fit in UInt8.") { _ = Tensor<UInt8>([-1] as Tensor<Int32>) },
        Mistake("scatteringAdd: a sum overflows UInt8.") {
            _ = Tensor<UInt8>([250]).scatteringAdd(3, at: [0, 0], axis: 0)
        },
        Mistake("Axis 1 of shape [2, 3] cannot be split into 2 equal parts.") { _ = x.split(into: 2, axis: 1) },
        Mistake("Sizes [1, 1] do not add up to axis 1 of shape [2, 3].") { _ = x.split(sizes: [1, 1], axis: 1) },
        Mistake("Shapes [2, 3] and [3] cannot be stacked.") { _ = Tensor.stacked([x, x[0, ...]]) },
        Mistake("padded needs one pair for every axis of shape [2, 3]; got 1.") { _ = x.padded([(0, 1)], mode: .edge) },
        Mistake("gatheredAlong needs indices with as many axes as shape [2, 3]; got shape [1].") {
            _ = x.gatheredAlong([0], axis: 1)
        },
        Mistake("Converting Float to Double has no gradient; detach the tensor first.") {
            _ = valueAndGradient(at: [x]) {
                _ = Tensor<Double>($0[0])
                return $0[0].sum()
            }
        },
        Mistake("Assignment at positions, which may repeat, has no gradient; use scatteringAdd.") {
            _ = valueAndGradient(at: [x]) { inputs in
                var y = x
                y[[0, 0], ...] = inputs[0]
                return y.sum()
            }
        },
        Mistake("A new axis cannot be inserted at position 4 of shape [2, 3].") { _ = x.expandingShape(at: 4) },
        Mistake("arange from 0.0 to 1.0 by 0.0 has no end.") { _ = Tensor<Float>.arange(0, 1, step: 0) },
    ]

    @Test(arguments: mistakes.indices) func mistakesAreNamed(number: Int) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [number] in
            Self.mistakes[number].make()
        }
        #expect(TensorTrapTests.message(result).contains(Self.mistakes[number].description))
    }
}
