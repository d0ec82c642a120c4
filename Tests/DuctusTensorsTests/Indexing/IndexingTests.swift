import DuctusTensors
import DuctusTestSupport
import Testing

/// A tensor computed index by index: the reference for operations that move elements.
private func tensor(_ shape: Shape, _ element: ([Int]) -> Float) -> Tensor<Float> {
    Tensor(indices(of: shape).map(element), shape: shape)
}

extension Tensor {
    /// The element at an index whose length is known only at run time.
    fileprivate func element(_ index: [Int]) -> Scalar {
        scalars[zip(index, shape).reduce(0) { $0 * $1.1 + ($1.0 < 0 ? $1.0 + $1.1 : $1.0) }]
    }
}

@Suite struct IndexingTests {
    static let x = Tensor<Int32>.arange(24).reshaped(to: [2, 3, 4])

    // MARK: Basic indexing

    @Test func everyIndexSpellingSelects() {
        let x = Self.x
        #expect(x[1, ...] == x.row(1))
        #expect(x[-1, ...] == x.row(1))
        #expect(x[...] == x)
        #expect(x[..., 0] == [[0, 4, 8], [12, 16, 20]])
        #expect(x[1, ..., 0] == [12, 16, 20])
        #expect(x[1, 2, ...] == [20, 21, 22, 23])
        #expect(x[0, 1..., ..<(-2)] == [[4, 5], [8, 9]])
        #expect(x[0, 1, ..., 1...2] == [5, 6])
        #expect(x[0, (-2)..., ...1] == [[4, 5], [8, 9]])
        #expect(x[0, -2...(-1), -4..<(-2)] == [[4, 5], [8, 9]])
        #expect(x[0..<1, .newAxis, 2...].shape == [1, 1, 1, 4])
        #expect(x[.newAxis, ..., .newAxis].shape == [1, 2, 3, 4, 1])
        #expect(x[1, 0, .strided(from: -1, to: 0, by: -2)] == [15, 13])
        #expect(x[..., [2, 0], [1, 1]] == [[9, 1], [21, 13]])
        #expect(x[[1], 0..<1, ...] == x[1..., 0..<1, 0...])
        let positions: Tensor<Int32> = [[0, -1]]
        #expect(x[1, positions, 3] == [[15, 23]])
        let mask: Tensor<Bool> = [true, false, true]
        #expect(x[0, mask, 1...2] == [[1, 2], [9, 10]])
        #expect(x[..., 1, mask[[0, 1, 1, 2]]] == [[4, 7], [16, 19]])
        let element: Int32 = x[1, 2, 3]
        #expect(element == 23)
        #expect(x[1, 2, 3] + x[0, 0, 1] == 24)
    }

    @Test func slicesCanBeAssigned() {
        var x = Tensor<Float>.zeros([2, 3])
        x[0, ...] = 1
        x[..., 1] = [5, 6]
        x[1, -1] = 9
        #expect(x == [[1, 5, 1], [0, 6, 9]])
        x[..., 0..<2] += 1
        x[1, ..., 0] = -1
        #expect(x == [[2, 6, 1], [-1, 7, 9]])
        x[[1, 0], [0, 1]] = [20, 30]
        var mask: Tensor<Bool> = [[false, false, true], [false, true, true]]
        x[mask] = [7, 8, 9]
        #expect(x == [[2, 30, 7], [20, 8, 9]])
        mask[0, ...] = true
        #expect(mask == [[true, true, true], [false, true, true]])
    }

    @Test func emptySlicesCanBeReadAndAssigned() {
        var x = Self.x
        #expect(x[2..., ...].shape == [0, 3, 4])
        #expect(x[..., 1..<1].shape == [2, 3, 0])
        #expect(x[Tensor(repeating: false, shape: [2, 3])].shape == [0, 4])
        #expect(x[..., Tensor<Int32>([Int32]())].shape == [2, 3, 0])
        x[2..., ...] = 5
        x[Tensor(repeating: false, shape: [2])] = 5
        #expect(x == Self.x)
        let empty = Tensor<Float>.zeros([0, 3])
        #expect(empty[.strided(by: -1), 0].shape == [0])
        #expect(empty[..., [0, 2]].shape == [0, 2])
        #expect(empty[...] == empty)
        #expect(empty.flipped() == empty)
        #expect(empty.gathered(at: [1], axis: 1).shape == [0, 1])
    }

    /// Results do not depend on the number of threads.
    @Test func largeTensorsAreSplitAmongThreads() {
        let (rows, columns) = (700, 130)
        let x = Tensor<Float>.arange(Float(rows * columns)).reshaped(to: [rows, columns])
        let order = (0..<rows).map { ($0 * 37 + 11) % rows }
        let taken = x.gathered(at: Tensor(order.map(Int32.init)), axis: 0)
        for column in [7, 129] { #expect(order.enumerated().allSatisfy { taken[$0, column] == x[$1, column] }) }
        let mask = Tensor(x.scalars.map { Int($0) % 3 == 1 }, shape: x.shape)
        #expect(x[mask].scalars == x.scalars.filter { Int($0) % 3 == 1 })
        var back = Tensor<Float>.zeros(x.shape)
        back[order, ...] = taken
        #expect(back == x)
        back[mask] = 0
        #expect(back.scalars == x.scalars.map { Int($0) % 3 == 1 ? 0 : $0 })
        let sums = Tensor<Float>.zeros([5, columns]).scatteringAdd(x, at: Tensor(order.map { Int32($0 % 5) }), axis: 0)
        for (row, column) in [(0, 0), (4, 129), (2, 64)] {
            let expected = order.enumerated().filter { $1 % 5 == row }.reduce(Float(0)) { $0 + x[$1.offset, column] }
            #expect(sums[row, column] == expected)
        }
        var shifted = x
        shifted[1..., ...] = x[..<(-1), ...]
        #expect(shifted[699, 5] == x[698, 5])
        #expect(shifted[0, 5] == x[0, 5])
        #expect(x.lowerTriangle()[500, 129] == x[500, 129])
        #expect(x.upperTriangle()[500, 129] == 0)
    }

    // MARK: Gathering

    @Test(arguments: [[5], [3, 4], [2, 3, 4], [1, 3, 1, 2]] as [Shape], 0..<3)
    func gatheringMatchesTheLoop(shape: Shape, seed: UInt64) {
        var random = RandomStream(seed: seed)
        let x = Tensor<Float>.sample(shape, seed: seed).strided
        for axis in shape.indices {
            let extent = shape[axis]
            func positions(_ shape: Shape) -> Tensor<Int32> {
                Tensor(
                    (0..<shape.elementCount).map { _ in .random(in: -Int32(extent)..<Int32(extent), using: &random) },
                    shape: shape)
            }
            let picks = positions([2, 3])
            let taken = x.gathered(at: picks, axis: axis - shape.rank)
            let expected = tensor(Shape(shape[..<axis] + [2, 3] + shape[(axis + 1)...])) { index in
                x.element(index[..<axis] + [Int(picks[index[axis], index[axis + 1]])] + index[(axis + 2)...])
            }
            #expect(taken == expected)

            var lines = shape
            lines[axis] = 4
            if let other = shape.indices.first(where: { $0 != axis }) { lines[other] = 1 }
            let along = positions(lines)
            var wide = shape
            wide[axis] = 4
            #expect(
                x.gatheredAlong(along, axis: axis)
                    == tensor(wide) { index in
                        var source = index
                        source[axis] = Int(along.element(zip(index, lines).map { $1 == 1 ? 0 : $0 }))
                        return x.element(source)
                    })

            // Adding is the adjoint of gathering: ⟨gather x, y⟩ = ⟨x, add y⟩.
            let y = Tensor<Double>.sample(taken.shape, seed: seed + 7)
            let added = Tensor<Double>.zeros(shape).scatteringAdd(y, at: picks, axis: axis)
            #expect(abs(Tensor<Double>(taken).dot(y) - Tensor<Double>(x).dot(added)) < 1e-12)
        }
    }

    @Test func scatteringAddSumsRepeatedPositions() {
        #expect(Tensor<Int32>.zeros([3]).scatteringAdd(1, at: [0, 2, 0, -1], axis: 0) == [2, 0, 2])
        #expect(Tensor<UInt8>([1, 2]).scatteringAdd([3], at: [1, 1], axis: 0) == [1, 8])
        let x = Tensor<Double>.ones([2, 3])
        #expect(x.scatteringAdd([[1, 2]], at: [0, 0], axis: 1) == [[4, 1, 1], [4, 1, 1]])
        #expect(x == .ones([2, 3]))
    }

    @Test func masksSelectTheirTrueElements() {
        let mask: Tensor<Bool> = [[true, false, true], [false, false, true]]
        #expect(mask.nonzeroIndices() == [[0, 0], [0, 2], [1, 2]])
        #expect(mask.transposed().nonzeroIndices() == [[0, 0], [2, 0], [2, 1]])
        let x: Tensor<Float> = [[1, 2, 3], [4, 5, 6]]
        #expect(x.elements(where: mask) == [1, 3, 6])
        #expect(x[mask] == [1, 3, 6])
        #expect(x.transposed().elements(where: mask.transposed()) == [1, 3, 6])
        #expect(x.elements(where: [true, false, false]) == [1, 4])
        #expect(Tensor(repeating: false, shape: [2, 2]).nonzeroIndices().shape == [0, 2])
    }

    // MARK: Rearranging

    @Test(arguments: [[4], [3, 4], [2, 3, 4]] as [Shape]) func rearrangementsMapIndices(shape: Shape) {
        let x = Tensor<Float>.sample(shape).strided
        #expect(x.flipped() == tensor(shape) { index in x.element(zip(index, shape).map { $1 - 1 - $0 }) })
        let counts = Array([2, 1, 3].suffix(shape.rank))
        let tiled = Shape(zip(shape, counts).map { $0 * $1 })
        #expect(x.tiled(counts) == tensor(tiled) { index in x.element(zip(index, shape).map { $0 % $1 }) })
        #expect(x.tiled([2] + counts).shape == Shape([2] + tiled))
        #expect(x.tiled([2]) == x.tiled(counts.map { _ in 1 }.dropLast() + [2]))
        for axis in shape.indices {
            let extent = shape[axis]
            func moved(_ to: Int, _ source: @escaping (Int) -> Int) -> Tensor<Float> {
                var target = shape
                target[axis] = to
                return tensor(target) { index in
                    var index = index
                    index[axis] = source(index[axis])
                    return x.element(index)
                }
            }
            #expect(x.flipped(axes: [axis - shape.rank]) == moved(extent) { extent - 1 - $0 })
            #expect(x.repeated(3, axis: axis) == moved(3 * extent) { $0 / 3 })
            for shift in [-5, -1, 0, 1, 2, 9] {
                #expect(
                    x.rolled(by: shift, axis: axis) == moved(extent) { ((($0 - shift) % extent) + extent) % extent })
            }
            let pad = shape.indices.map { $0 == axis ? (before: 2, after: 5) : (0, 0) }
            #expect(x.padded(pad, mode: .edge) == moved(extent + 7) { min(max($0 - 2, 0), extent - 1) })
            let period = 2 * (extent - 1)
            #expect(
                x.padded(pad, mode: .reflect)
                    == moved(extent + 7) { position in
                        let phase = (position - 2 + 4 * period) % period
                        return min(phase, period - phase)
                    })
            let constant = x.padded(pad, mode: .constant(-7))
            #expect(constant.sliced(2..<2 + extent, axis: axis) == x)
            #expect(constant.sum().item() - x.sum().item() + Float(49 * x.count / extent) < 1e-4)
            let parts = x.split(sizes: [1, 0, extent - 1], axis: axis)
            #expect(parts.map { $0.shape[axis] } == [1, 0, extent - 1])
            #expect(.concatenated(parts, axis: axis) == x)
            #expect(.concatenated(x.split(into: extent, axis: axis), axis: axis) == x)
            let stack = Tensor.stacked([x, -x, x], axis: axis)
            #expect(stack.shape[axis] == 3)
            #expect(stack.sliced(1..<2, axis: axis).squeezingShape(at: axis) == -x)
            #expect(Tensor.stacked([x, x], axis: -1).shape == Shape(shape + [2]))
        }
    }

    @Test func axesMoveAndAreSqueezed() {
        let x = Tensor<Float>.sample([2, 3, 1, 5])
        #expect(x.movingAxis(from: -1, to: 1).shape == [2, 5, 3, 1])
        #expect(x.movingAxis(from: 0, to: -1).shape == [3, 1, 5, 2])
        #expect(x.movingAxis(from: 1, to: 3).movingAxis(from: 3, to: 1) == x)
        #expect(x.squeezingShape().shape == [2, 3, 5])
        #expect(Tensor<Float>.ones([1, 1]).squeezingShape().shape == [])
    }

    @Test(arguments: [[3, 3], [2, 4], [4, 2], [2, 3, 4], [1, 1]] as [Shape], -4...4)
    func diagonalsAndTrianglesFollowTheirOffset(shape: Shape, offset: Int) {
        let x = Tensor<Float>.sample(shape).strided
        let (rows, columns) = (shape[shape.rank - 2], shape[shape.rank - 1])
        func distance(_ index: [Int]) -> Int { index[shape.rank - 1] - index[shape.rank - 2] }
        #expect(x.lowerTriangle(diagonal: offset) == tensor(shape) { distance($0) <= offset ? x.element($0) : 0 })
        #expect(x.upperTriangle(diagonal: offset) == tensor(shape) { distance($0) >= offset ? x.element($0) : 0 })
        let diagonal = x.diagonal(offset: offset)
        #expect(diagonal.scalars == indices(of: shape).filter { distance($0) == offset }.map(x.element))
        let eye = Tensor<Float>.eye(rows, columns: columns, diagonal: offset)
        #expect(eye == tensor([rows, columns]) { $0[1] - $0[0] == offset ? 1 : 0 })
        let matrix = Tensor(diagonal: diagonal, offset: offset)
        #expect(matrix.diagonal(offset: offset) == diagonal)
        #expect(abs(matrix.sum().item() - diagonal.sum().item()) < 1e-5)
    }
}
