import DuctusTensors
import Testing

/// Programming errors trap with a message that names the operation, what it needs and what it got.
@Suite struct MathematicsTrapTests {
    struct Mistake: CustomStringConvertible, Sendable {
        let description: String
        let make: @Sendable () -> Void
        init(_ sentence: String, _ make: @escaping @Sendable () -> Void) {
            description = sentence
            self.make = make
        }
    }

    static let all: [Mistake] = [
        Mistake("2147483647 + 1 has no result of type Int32.") { _ = Tensor<Int32>([.max]) + 1 },
        Mistake("3 - 4 has no result of type UInt8.") { _ = Tensor<UInt8>([3]) - Tensor<UInt8>([4]) },
        Mistake("65536 * 32768 has no result of type Int32.") { _ = Tensor<Int32>([65536]) * Tensor<Int32>([32768]) },
        Mistake("7 / 0 has no result of type Int32.") { _ = Tensor<Int32>([7]) / 0 },
        Mistake("7 % 0 has no result of type Int32.") { _ = Tensor<Int32>([7]).modulo(0) },
        Mistake("The sum 2147483648 of 2 elements does not fit in Int32.") { _ = Tensor<Int32>([.max, 1]).sum() },
        Mistake("2147483647 * 2 has no result of type Int32.") { _ = Tensor<Int32>([.max, 2]).product() },
        Mistake("The minimum and maximum of no elements are undefined (shape [2, 0], axes [1]).") {
            _ = Tensor<Float>.zeros([2, 0]).min(axes: [1])
        },
        Mistake("The minimum and maximum of no elements are undefined (shape [0]).") {
            _ = Tensor<Int32>.zeros([0]).max()
        },
        Mistake("argmax needs a nonempty axis; axis 1 of shape [2, 0] is empty.") {
            _ = Tensor<Float>.zeros([2, 0]).argmax()
        },
        Mistake("argmax needs a tensor with at least one axis; got a scalar.") { _ = Tensor<Float>(1).argmax() },
        Mistake("sorted needs a tensor with at least one axis; got a scalar.") { _ = Tensor<Float>(1).sorted() },
        Mistake("topK: axis 0 of shape [3] does not have 4 elements.") { _ = Tensor<Float>.zeros([3]).topK(4) },
        Mistake("quantile needs a probability from 0 to 1; got 1.5.") { _ = Tensor<Float>.zeros([3]).quantile(1.5) },
        Mistake("searchSorted needs a vector to search; got shape [2, 2].") {
            _ = Tensor<Float>.zeros([2, 2]).searchSorted([1])
        },
        Mistake("bincount requires nonnegative integers; got -1.") { _ = Tensor<Int32>([-1]).bincount() },
        Mistake("histogram needs at least one bin; got 0.") { _ = Tensor<Float>([1]).histogram(bins: 0) },
        Mistake("histogram needs a finite range; got nan to nan.") { _ = Tensor<Float>([1, .nan]).histogram() },
        Mistake("tensorDot: shapes [2, 3] and [2, 3] do not both have 3 axes to contract.") {
            _ = Tensor<Float>.zeros([2, 3]).tensorDot(.zeros([2, 3]), axes: 3)
        },
        Mistake("tensorDot: axes [1] of shape [2, 3] do not match axes [0] of shape [2, 3].") {
            _ = Tensor<Float>.zeros([2, 3]).tensorDot(.zeros([2, 3]), axes: ([1], [0]))
        },
        Mistake("einsum \"ij,jk->ik\" names 2 operands; got 1.") {
            _ = einsum("ij,jk->ik", Tensor<Float>.zeros([2, 2]))
        },
        Mistake("einsum \"i1->i\": \"i1\" must be letters and at most one \"...\".") {
            _ = einsum("i1->i", Tensor<Float>.zeros([2, 2]))
        },
        Mistake("einsum \"ijk->i\": \"ijk\" does not describe a tensor of 2 axes.") {
            _ = einsum("ijk->i", Tensor<Float>.zeros([2, 2]))
        },
        Mistake("einsum \"...ij,jk->...ik\": \"...ij\" does not describe a tensor of 1 axes.") {
            _ = einsum("...ij,jk->...ik", Tensor<Float>.zeros([2]), .zeros([2, 2]))
        },
        Mistake("einsum \"ij,jk->ik\": axis j has extents 3 and 4.") {
            _ = einsum("ij,jk->ik", Tensor<Float>.zeros([2, 3]), .zeros([4, 2]))
        },
        Mistake("einsum \"ii->i\": axis i has extents 2 and 3.") { _ = einsum("ii->i", Tensor<Float>.zeros([2, 3])) },
        Mistake("einsum \"i->ii\": the result names an axis twice.") { _ = einsum("i->ii", Tensor<Float>.zeros([2])) },
        Mistake("einsum \"i->j\": no operand has axis j of the result.") {
            _ = einsum("i->j", Tensor<Float>.zeros([2]))
        },
        Mistake("Shapes [2] and [3] do not broadcast: axis 0 has extents 2 and 3.") {
            _ = (Tensor<Float>.zeros([2]) .< Tensor<Float>.zeros([3]))
        },
    ]

    @Test(arguments: all.indices) func mistakesAreNamed(number: Int) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [number] in
            MathematicsTrapTests.all[number].make()
        }
        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(message.contains(Self.all[number].description), "\(message)")
    }
}
