import DuctusTensors
import DuctusTestSupport
import Testing

@Suite struct TensorTests {
    // MARK: Value semantics

    @Test func copiesAreIndependent() {
        let original: Tensor<Float> = [[1, 2], [3, 4]]
        var copy = original
        copy[0, 1] = 20
        #expect(original == [[1, 2], [3, 4]])
        #expect(copy == [[1, 20], [3, 4]])
        var bulk = original
        bulk.withUnsafeMutableBuffer { $0[3] = 40 }
        #expect(original[1, 1] == 4)
        #expect(bulk[1, 1] == 40)
        var sum = original
        sum += [[1, 1], [1, 1]]
        #expect(original[0, 0] == 1)
        #expect(sum == [[2, 3], [4, 5]])
    }

    @Test func writingToTheSourceLeavesItsViewsUnchanged() {
        var source = Tensor<Float>([1, 2, 3, 4], shape: [2, 2])
        let view = source.transposed()
        source[0, 1] = 20
        #expect(view == [[1, 3], [2, 4]])
        #expect(source == [[1, 20], [3, 4]])
    }

    // MARK: Creation

    @Test func nestedLiteralsStack() {
        let matrix: Tensor<Float> = [[1, 2, 3], [4, 5, 6]]
        #expect(matrix.shape == [2, 3])
        #expect(matrix.scalars == [1, 2, 3, 4, 5, 6])
        let scalar: Tensor<Double> = 2.5
        #expect(scalar.shape == [])
        #expect(scalar.item() == 2.5)
        #expect(scalar.count == 1)
        let labels: Tensor<Int32> = [3, 1]
        #expect(labels.shape == [2])
        let deep: Tensor<Float> = [[[1], [2]]]
        #expect(deep.shape == [1, 2, 1])
        #expect(Tensor<Float>([[1, 2, 3], [4, 5, 6]]) == matrix)
        #expect(Tensor<Int32>([[3], [1]]).shape == [2, 1])
        let empty: Tensor<Float> = []
        #expect(empty.shape == [0])
        #expect(empty.scalars.isEmpty)
    }

    @Test func creationFillsTheShape() {
        #expect(Tensor<Float>.zeros([2, 2]).scalars == [0, 0, 0, 0])
        #expect(Tensor<Int32>.ones([3]) == [1, 1, 1])
        #expect(Tensor(repeating: true, shape: [2]).scalars == [true, true])
        #expect(Tensor<Float>([1, -2] as Tensor<Int32>) == [1, -2])
        #expect(Tensor<Float>([0.1] as Tensor<Double>) == Tensor([Float(0.1)]))
        #expect(Tensor([UInt8(1), 2]).shape == [2])
    }

    @Test func indicesCountFromBothEnds() {
        let x = Tensor(Array(Int32(0)..<24), shape: [2, 3, 4])
        for index in indices(of: x.shape) {
            let (i, j, k) = (index[0], index[1], index[2])
            #expect(x[i, j, k] == Int32(12 * i + 4 * j + k))
            #expect(x[i - 2, j - 3, k - 4] == x[i, j, k])
        }
    }

    @Test func equalityComparesShapeAndElements() {
        let x: Tensor<Float> = [[1, 2], [3, 4]]
        #expect(x != x.flattened())
        #expect(x != x.transposed())
        #expect(x == x.transposed().transposed())
        #expect(Tensor<Float>(.nan) != Tensor<Float>(.nan))
    }

    // MARK: Views

    @Test(arguments: [[0, 1, 2], [2, 0, 1], [1, 2, 0], [-1, 1, 0], [0, 2, 1]]) func permutationsCanBeInverted(
        axes: [Int]
    ) {
        let x = Tensor(Array(Int32(0)..<24), shape: [2, 3, 4])
        let y = x.permuted(axes)
        let positive = axes.map { $0 < 0 ? $0 + 3 : $0 }
        for index in indices(of: y.shape) {
            var source = [0, 0, 0]
            for (to, from) in positive.enumerated() { source[from] = index[to] }
            #expect(y[index[0], index[1], index[2]] == x[source[0], source[1], source[2]])
        }
        var inverse = positive
        for (to, from) in positive.enumerated() { inverse[from] = to }
        #expect(y.permuted(inverse) == x)
        #expect(y.dense() == y)
        #expect(y.reshaped(to: [-1]).scalars == y.scalars)
    }

    @Test(arguments: [[24], [2, 12], [-1, 3], [4, -1, 2], [1, 24, 1], [2, 3, 4]] as [Shape])
    func reshapingCanBeUndone(shape: Shape) {
        for x in [Tensor<Float>.sample([2, 3, 4]), Tensor<Float>.sample([4, 3, 2]).transposed(0, 2)] {
            #expect(x.reshaped(to: shape).scalars == x.scalars)
            #expect(x.reshaped(to: shape).reshaped(to: [2, 3, 4]) == x)
        }
    }

    /// Padding and cropping are adjoint, ⟨pad x, y⟩ = ⟨x, crop y⟩, and cropping undoes padding.
    @Test(arguments: 0..<3, [(0, 0), (1, 0), (0, 2), (3, 1)])
    func paddingAndCroppingAreAdjoint(axis: Int, amount: (before: Int, after: Int)) {
        let x = Tensor<Double>.sample([2, 3, 4]).strided
        let padded = x.padded(before: amount.before, after: amount.after, axis: axis)
        let y = Tensor<Double>.sample(padded.shape, seed: 2)
        let range = amount.before..<amount.before + x.shape[axis]
        #expect(padded.sliced(range, axis: axis) == x)
        #expect(abs(padded.dot(y) - x.dot(y.sliced(range, axis: axis))) < 1e-14)
        #expect(abs(padded.sum().item() - x.sum().item()) < 1e-13)
    }

    @Test func emptyAxesArePaddedWithZeros() {
        #expect(Tensor<Float>.zeros([0]).padded(before: 3, after: 0, axis: 0) == .zeros([3]))
        #expect(Tensor<Float>.zeros([2, 0, 3]).padded(before: 1, after: 2, axis: 1) == .zeros([2, 3, 3]))
    }

    @Test(arguments: 0..<3) func concatenationIsUndoneBySlices(axis: Int) {
        let parts = [1, 3, 0, 2].map { extent in
            var shape: Shape = [2, 3, 4]
            shape[axis] = extent
            return Tensor<Float>.sample(shape, seed: UInt64(extent)).strided
        }
        let joined = Tensor.concatenated(parts, axis: axis - 3)
        var start = 0
        for part in parts {
            #expect(joined.sliced(start..<start + part.shape[axis], axis: axis) == part)
            start += part.shape[axis]
        }
        #expect(joined.shape[axis] == start)
    }

    @Test func axesAreExpandedAndSqueezed() {
        let x = Tensor<Float>.sample([2, 3])
        #expect(x.expandingShape(at: 0).shape == [1, 2, 3])
        #expect(x.expandingShape(at: -1).shape == [2, 3, 1])
        #expect(x.expandingShape(at: 1).squeezingShape(at: -2) == x)
        #expect(x.transposed().expandingShape(at: 2).scalars == x.transposed().scalars)
        #expect(x.flattened(from: -1) == x)
        #expect(x.flattened().shape == [6])
    }

    @Test func scalarsAreFlattenedToVectorsOfOneElement() {
        #expect(Tensor<Float>(5).flattened() == [5])
        #expect(Tensor<Float>(5).flattened(from: -1) == [5])
    }

    @Test func theSoftmaxOfAScalarIsAScalar() {
        #expect(Tensor<Float>(5).softmax() == Tensor(1))
        #expect(Tensor<Float>(5).logSoftmax(axis: 0) == Tensor(0))
    }

    @Test func shapesAreCollections() {
        var shape: Shape = [2, 3]
        shape.append(4)
        shape.insert(1, at: 0)
        #expect(shape == [1, 2, 3, 4])
        #expect(shape.elementCount == 24)
        #expect(shape.axis(-1) == 3)
        #expect(shape.remove(at: 1) == 2)
        #expect(shape == [1, 3, 4])
        #expect(shape.rank == 3)
        #expect(Shape([]).elementCount == 1)
        #expect(Shape(repeating: 2, count: 3) == [2, 2, 2])
        #expect(Set([[1, 2], [1, 2], [2, 1]] as [Shape]).count == 2)
    }
}
