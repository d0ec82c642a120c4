import DuctusTensors
import DuctusTestSupport
import Testing

/// A view of a 3 × 4 tensor, and the source position of each of its elements.
struct ViewCase: CustomStringConvertible, Sendable {
    let description: String
    let make: @Sendable (Tensor<Int32>) -> Tensor<Int32>

    init(_ name: String, _ make: @escaping @Sendable (Tensor<Int32>) -> Tensor<Int32>) {
        (description, self.make) = (name, make)
    }
}

/// A way of writing to a tensor, and its effect on the elements in row-major order.
struct WritingCase: CustomStringConvertible, Sendable {
    let description: String
    let write: @Sendable (inout Tensor<Int32>) -> Void
    let expected: @Sendable (_ elements: [Int32], _ shape: Shape) -> [Int32]
}

@Suite struct TensorViewTests {
    /// Around the squares, bands, and parts in which a matrix is transposed, and around the tasks of a large one.
    @Test(arguments: [1, 3, 4, 5, 8, 9, 15, 16, 17, 127, 130, 300])
    func transposedMatricesAreCopied(rows: Int) {
        func check<Scalar: NumericScalar>(_ columns: Int, _ type: Scalar.Type) {
            let x = Tensor((0..<rows * columns).map { Scalar(exactly: $0 % 120)! }, shape: [rows, columns])
            let part = x.sliced(columns / 3..<columns, axis: 1)
            for view in [x, part, x.flipped(axes: [0])] {
                let width = view.shape[1]
                let expected = (0..<width).flatMap { c in (0..<rows).map { view[$0, c] } }
                #expect(view.transposed().scalars == expected, "\(rows) × \(columns) of \(Scalar.self)")
            }
        }
        for columns in [1, 2, 4, 7, 8, 21, 131] {
            check(columns, Float.self)
            check(columns, Double.self)
            check(columns, Int32.self)
            check(columns, UInt8.self)
        }
        check(1_003, Float.self)
    }

    static let views: [ViewCase] = [
        ViewCase("itself") { $0 }, ViewCase("transposed") { $0.transposed() },
        ViewCase("slice of columns") { $0.sliced(1..<3, axis: 1) }, ViewCase("reshaped") { $0.reshaped(to: [2, 6]) },
        ViewCase("row") { $0.row(1) }, ViewCase("expanded") { $0.expandingShape(at: 0) },
        ViewCase("squeezed") { $0.sliced(1..<2, axis: 0).squeezingShape() }, ViewCase("flattened") { $0.flattened() },
        ViewCase("permuted and sliced") { $0.permuted([1, 0]).sliced(0..<2, axis: 0) },
        ViewCase("broadcast") { $0.sliced(1..<2, axis: 0).broadcast(to: [3, 4]) },
        ViewCase("broadcast to a new axis") { $0.row(0).broadcast(to: [2, 4]) },
        ViewCase("flipped") { $0.flipped() }, ViewCase("flipped along one axis") { $0.flipped(axes: [1]) },
        ViewCase("diagonal") { $0.diagonal(offset: 1) }, ViewCase("moved axis") { $0.movingAxis(from: 0, to: 1) },
        ViewCase("index with steps") { $0[.strided(by: -2), .strided(from: 1, by: 2)] },
        ViewCase("index with a number") { $0[..., 2] }, ViewCase("index with a new axis") { $0[1..., .newAxis, 0...2] },
        ViewCase("part of a split") { $0.split(into: 2, axis: 1)[1] },
        ViewCase("the whole by an index") { $0[...] }, ViewCase("no shift") { $0.rolled(by: 4, axis: 1) },
        ViewCase("one tile") { $0.tiled([1, 1]) }, ViewCase("same type") { Tensor<Int32>($0) },
    ]

    static let writings: [WritingCase] = [
        WritingCase(
            description: "one element",
            write: { x in
                let last = x.shape.map { $0 - 1 }
                switch last.count {
                case 1: x[last[0]] = 99
                case 2: x[last[0], last[1]] = 99
                default: x[last[0], last[1], last[2]] = 99
                }
            }, expected: { elements, _ in elements.dropLast() + [99] }),
        WritingCase(
            description: "memory", write: { x in x.withUnsafeMutableBuffer { $0[0] = 99 } },
            expected: { elements, _ in [99] + elements.dropFirst() }),
        WritingCase(
            description: "everything", write: { $0[...] = 99 },
            expected: { elements, _ in elements.map { _ in 99 } }),
        WritingCase(
            description: "a range", write: { $0[0..<1, ...] = 99 },
            expected: { elements, shape in
                elements.enumerated().map { $0 < elements.count / shape[0] ? 99 : $1 }
            }),
        WritingCase(
            description: "steps in reverse along the last axis",
            write: { x in
                let extent = Int32(x.shape[x.rank - 1])
                x[..., .strided(by: -1)] = .arange(extent)
            },
            expected: { elements, shape in
                let extent = shape[shape.rank - 1]
                return elements.indices.map { Int32(extent - 1 - $0 % extent) }
            }),
        WritingCase(
            description: "positions", write: { x in x[..., [-1]] = 99 },
            expected: { elements, shape in
                let extent = shape[shape.rank - 1]
                return elements.enumerated().map { $0 % extent == extent - 1 ? 99 : $1 }
            }),
        WritingCase(
            description: "a mask",
            write: { x in
                let mask = Tensor(x.scalars.map { $0 % 2 == 1 }, shape: x.shape)
                x[mask] = 99
            }, expected: { elements, _ in elements.map { $0 % 2 == 1 ? 99 : $0 } }),
        WritingCase(
            description: "its own elements", write: { x in x[..., 0...] = x.flipped() },
            expected: { elements, _ in elements.reversed() }),
    ]

    /// Writing to a tensor changes neither others that share its memory nor other elements of itself.
    @Test(arguments: views, writings) func writingChangesOnlyOneTensor(view: ViewCase, writing: WritingCase) {
        let elements = Array(Int32(0)..<12)
        let source = Tensor(elements, shape: [3, 4])
        let (shape, before) = (view.make(source).shape, view.make(source).scalars)
        var shared = view.make(source)
        writing.write(&shared)
        #expect(source.scalars == elements)
        #expect(shared.scalars == writing.expected(before, shape))
        // The only user of its storage may write in place.
        var alone = view.make(Tensor(elements, shape: [3, 4]))
        writing.write(&alone)
        #expect(alone.scalars == writing.expected(before, shape))
        // Views of a tensor do not change when it is written to.
        var base = Tensor(elements, shape: [3, 4])
        let onlooker = view.make(base)
        writing.write(&base)
        #expect(onlooker.scalars == before)
        #expect(base.scalars == writing.expected(elements, [3, 4]))
    }

    // MARK: Negative strides

    /// Every operation that reads strided tensors, on a tensor with negative strides and on a dense copy.
    @Test(arguments: [nil, [0], [1], [0, 2], [-1]] as [[Int]?]) func negativeStridesMatchDenseCopies(axes: [Int]?) {
        let x = Tensor<Double>.sample([3, 4, 5]).flipped(axes: axes)
        let dense = Tensor(x.scalars, shape: x.shape)
        let y = Tensor<Double>.sample([4, 5], seed: 2).flipped(axes: [1])
        let readers: [(Tensor<Double>) -> Tensor<Double>] = [
            { $0 + y }, { y * $0 }, { $0 + $0.sliced(0..<1, axis: 0) }, { $0.exp() }, { $0.sum(axes: [1]) },
            { $0.max(axes: [-1]) }, { $0.softmax(axis: 1) }, { $0.matmul(y.transposed()) },
            { y.matmul($0.transposed()) }, { $0.row(0).matmul($0.row(1).transposed()) },
            { $0.row(2).matmul($0[0, 1, ...]) },
            { $0.transposed().dense() }, { $0.reshaped(to: [6, -1]) }, { .concatenated([$0, $0], axis: 1) },
            { $0.padded(before: 1, after: 1, axis: 1) }, { $0.transposed(0, 2) + 1 }, { $0.flipped() },
            { $0.sliced(1..<3, axis: 1).broadcast(to: [2, 3, 2, 5]) }, { Tensor($0.argmax()) },
        ]
        for (number, reader) in readers.enumerated() {
            #expect(reader(x) == reader(dense), "reader \(number)")
        }
        var (sum, expected) = (dense, dense)
        sum += x
        expected += dense
        #expect(sum == expected)
    }
}
