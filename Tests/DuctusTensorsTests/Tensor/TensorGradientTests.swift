import DuctusAutograd
import DuctusTestSupport
import Testing

/// A function of tensors, and the inputs at which its gradient is compared with central differences in double
/// precision.
struct GradientCase: CustomStringConvertible, Sendable {
    let description: String
    let inputs: [Tensor<Double>]
    let function: @Sendable ([Tensor<Double>]) -> Tensor<Double>

    init(
        _ name: String, _ inputs: [Tensor<Double>],
        _ function: @escaping @Sendable ([Tensor<Double>]) -> Tensor<Double>
    ) {
        let shapes = inputs.map { "\($0.shape)" }.joined(separator: " ")
        (description, self.inputs, self.function) = ("\(name) \(shapes)", inputs, function)
    }
}

@Suite struct TensorGradientTests {
    /// Extents of 1, odd extents, no axes, and a tensor that is transposed in memory.
    static let samples: [Tensor<Double>] =
        ([[], [1], [7], [1, 1], [3, 5], [1, 4, 3]] as [Shape]).map { .distinct($0) } + [
            Tensor.distinct([3, 4]).strided
        ]

    static let functions: [(String, @Sendable (Tensor<Double>) -> Tensor<Double>)] = [
        ("exp", { $0.exp() }), ("log", { ($0.squared() + 0.5).log() }), ("tanh", { $0.tanh() }),
        ("sigmoid", { $0.sigmoid() }), ("relu", { $0.relu() }), ("square", { $0.squared() }),
        ("square root", { ($0.squared() + 0.5).squareRoot() }), ("magnitude", { $0.magnitude() }),
        ("negation", { -$0 }), ("mean", { $0.mean() }), ("max", { $0.max() }),
        ("the same input twice", { $0 * $0 + $0 }), ("number on the right", { ($0 + 3) / 4 - 1 }),
        ("number on the left", { 2 - 3 * (1 + 1 / $0) }), ("dropout", { dropout($0, rate: 0.4) }),
    ]

    static let unary: [GradientCase] = samples.flatMap { x in
        functions.map { name, function in GradientCase(name, [x]) { function($0[0]) } }
    }

    static let pairs: [(Shape, Shape)] = [
        ([2, 3], [2, 3]), ([3, 1], [1, 4]), ([2, 1, 3], [5, 1]), ([], [2, 3]), ([4], []), ([1, 1], [1]),
        ([3], [2, 5, 3]),
    ]

    static let binary: [GradientCase] = pairs.flatMap { left, right -> [GradientCase] in
        let (a, b) = (Tensor<Double>.sample(left), Tensor<Double>.distinct(right) * 3)
        return [
            GradientCase("sum", [a, b]) { $0[0] + $0[1] },
            GradientCase("difference", [a, b]) { $0[0] - $0[1] },
            GradientCase("product", [a, b]) { $0[0] * $0[1] },
            GradientCase("quotient", [a, b]) { $0[0] / ($0[1].squared() + 1) },
        ]
    }

    static let stridedPairs: [GradientCase] = [
        GradientCase("strided product", [.sample([3, 4]), .sample([4, 3])]) { $0[0] * $0[1].transposed() },
        GradientCase("sliced quotient", [.sample([3, 4]), .distinct([3, 5])]) { $0[0] / $0[1].sliced(1..<5, axis: 1) },
    ]

    static let axes: [[Int]] = [[0], [1], [2], [-1], [0, 2], [0, 1, 2], [1, 2], []]

    static let alongAxes: [GradientCase] = axes.flatMap { axes -> [GradientCase] in
        let axis = axes.first ?? -2
        return [Tensor<Double>.distinct([2, 3, 5]), Tensor.distinct([3, 1, 4]).strided].flatMap { x in
            [
                GradientCase("sum over \(axes)", [x]) { $0[0].sum(axes: axes) },
                GradientCase("mean over \(axes)", [x]) { $0[0].mean(axes: axes, keepingDimensions: true) },
                GradientCase("max over \(axes)", [x]) { $0[0].max(axes: axes) },
                GradientCase("softmax along \(axis)", [x]) { $0[0].softmax(axis: axis) },
                GradientCase("log softmax along \(axis)", [x]) { $0[0].logSoftmax(axis: axis) },
            ]
        }
    }

    static let factors: [(Shape, Shape)] = [
        ([3, 4], [4, 5]), ([1, 1], [1, 1]), ([1, 7], [7, 3]), ([5, 3], [3, 1]), ([4, 1], [1, 6]), ([4], [4, 3]),
        ([3, 4], [4]), ([5], [5]), ([2, 3, 4], [4, 5]), ([2, 3, 4], [2, 4, 1]), ([3, 4], [2, 4, 5]),
        ([2, 1, 3, 2], [3, 2, 4]), ([2, 3, 4], [4]), ([4], [2, 4, 3]), ([2, 3, 0], [0, 4]), ([2, 3, 4], [4, 0]),
    ]

    static let products: [GradientCase] = factors.map { left, right in
        GradientCase("matmul", [.sample(left), .sample(right, seed: 2)]) { $0[0].matmul($0[1]) }
    }

    static let productsOfViews: [GradientCase] = [
        GradientCase("both transposed", [.sample([4, 3]), .sample([5, 4])]) {
            $0[0].transposed().matmul($0[1].transposed())
        },
        GradientCase("one sliced", [.sample([4, 6]), .sample([3, 5])]) { $0[0].sliced(2..<5, axis: 1).matmul($0[1]) },
        GradientCase("strides of neither kind", [.sample([3, 2, 4]), .sample([4, 5, 2])]) {
            $0[0].permuted([1, 2, 0]).matmul($0[1].permuted([2, 0, 1]).transposed().sliced(0..<3, axis: 1))
        },
        GradientCase("by itself", [.sample([3, 3])]) { $0[0].matmul($0[0]) },
    ]

    static let views: [GradientCase] = [
        GradientCase("reshape of transpose", [.sample([3, 4])]) { $0[0].transposed().reshaped(to: [2, -1]) },
        GradientCase("flatten", [.sample([2, 3, 4])]) { $0[0].flattened(from: 1) },
        GradientCase("flatten a scalar", [Tensor(0.5)]) { $0[0].flattened().squared() },
        GradientCase("permute", [.sample([2, 3, 4])]) { $0[0].permuted([2, 0, 1]) },
        GradientCase("slice", [.sample([4, 5])]) { $0[0].sliced(1..<3, axis: 0).sliced(0..<4, axis: -1) },
        GradientCase("row", [.sample([4, 5])]) { $0[0].row(2) },
        GradientCase("pad", [.sample([2, 3])]) { $0[0].padded(before: 1, after: 2, axis: 0).squared() },
        GradientCase("pad of transpose", [.sample([2, 3])]) { $0[0].transposed().padded(before: 0, after: 2, axis: 1) },
        GradientCase("concatenate", [.sample([2, 1]), .sample([2, 3])]) {
            .concatenated([$0[0], $0[1], $0[0]], axis: 1)
        },
        GradientCase("expand and squeeze", [.sample([1, 3])]) { $0[0].expandingShape(at: -1).squeezingShape(at: 0) },
        GradientCase("broadcast", [.sample([3, 1])]) { $0[0].broadcast(to: [2, 3, 4]) },
    ]

    static let mask: Tensor<Bool> = [
        [true, false, true, true], [false, false, true, false], [true, true, false, true],
    ]

    static let indexing: [GradientCase] = [
        GradientCase("index", [.sample([3, 4])]) { $0[0][1, ...] },
        GradientCase("index with steps", [.sample([3, 4])]) { $0[0][.strided(by: -2), .newAxis, 1...] },
        GradientCase("gather", [.sample([3, 4])]) { $0[0].gathered(at: [[2, 0], [2, -1]], axis: 1) },
        GradientCase("gather in the middle", [.sample([2, 3, 2])]) { $0[0][0..., [2, 0, 2], ...] },
        GradientCase("positions in step", [.sample([3, 4])]) { $0[0][[0, 2, 0], [1, 1, 1]] },
        GradientCase("gather along", [.sample([3, 4])]) { $0[0].gatheredAlong([[0], [-1], [2]], axis: 1) },
        GradientCase("gather along, broadcast", [.sample([1, 4])]) {
            $0[0].gatheredAlong([[0, 1], [1, 1]], axis: 1)
        },
        GradientCase("mask", [.sample([3, 4])]) { $0[0][mask] },
        GradientCase("elements", [.sample([3, 4])]) { $0[0].transposed().elements(where: mask.transposed()).squared() },
        GradientCase("scatter", [.sample([3, 4]), .sample([3, 1])]) {
            $0[0].scatteringAdd($0[1], at: [1, 1, 3], axis: 1).squared()
        },
        GradientCase("assignment", [.sample([3, 4]), .sample([4]), .sample([2])]) {
            var x = $0[0]
            x[1..., ...] = $0[1]
            x[..., 0] = x[..., 1] * 2
            x[0, .strided(by: 3)] = $0[2]
            x[0, 1] = 7
            return x.squared()
        },
        GradientCase("assignment to a constant", [.sample([2])]) {
            var x = Tensor<Double>.ones([3, 2])
            x[1, ...] = $0[0].squared()
            x[0, ...] = x[1, ...] * 3
            return x
        },
        GradientCase("assignment by a mask", [.sample([3, 4]), .sample([7])]) {
            var x = $0[0]
            x[mask] = $0[1]
            return x.squared()
        },
        GradientCase("stack", [.sample([2, 3]), .sample([2, 3])]) { .stacked([$0[0], $0[1], $0[0]], axis: 1) },
        GradientCase("literal", [.sample([]), .sample([], seed: 2)]) { [[$0[0], 3], [1, $0[1].squared()]] },
        GradientCase("split", [.sample([2, 6])]) { x in
            let parts = x[0].split(into: 3, axis: 1)
            return parts[0] * parts[2]
        },
        GradientCase("pad with a constant", [.sample([2, 3])]) {
            $0[0].padded([(1, 0), (2, 1)], mode: .constant(5)).squared()
        },
        GradientCase("pad with the edge", [.sample([2, 3])]) { $0[0].padded([(1, 2), (0, 2)], mode: .edge).squared() },
        GradientCase("pad with a mirror", [.sample([2, 3])]) {
            $0[0].padded([(3, 0), (2, 5)], mode: .reflect).squared()
        },
        GradientCase("tile", [.sample([2, 3])]) { $0[0].tiled([2, 1, 3]).squared() },
        GradientCase("repeat", [.sample([2, 3])]) { $0[0].repeated(3, axis: 0).squared() },
        GradientCase("roll", [.sample([2, 3])]) { $0[0].rolled(by: -1, axis: 1) },
        GradientCase("flip", [.sample([2, 3])]) { $0[0].flipped(axes: [0]) },
        GradientCase("move an axis", [.sample([2, 3, 2])]) { $0[0].movingAxis(from: 0, to: -1) },
        GradientCase("squeeze", [.sample([1, 3, 1])]) { $0[0].squeezingShape() },
        GradientCase("diagonal", [.sample([2, 3, 4])]) { $0[0].diagonal(offset: 1) },
        GradientCase("matrix of a diagonal", [.sample([2, 3])]) { Tensor(diagonal: $0[0], offset: -1).squared() },
        GradientCase("triangles", [.sample([3, 4])]) { $0[0].lowerTriangle(diagonal: 1) * $0[0].upperTriangle() },
        GradientCase("same type", [.sample([3])]) { Tensor<Double>($0[0]) },
    ]

    @Test(arguments: [unary, binary, stridedPairs, alongAxes, products, productsOfViews, views, indexing].joined())
    func gradientsMatchDifferences(check: GradientCase) {
        let result = GradientCheck(at: check.inputs, check.function)
        #expect(result.worst < 1e-7, "input \(result.input), element \(result.element)")
    }

    /// Where several elements are largest, each gets a share.
    @Test func tiesShareTheGradient() {
        let x: Tensor<Double> = [[1, 3, 3, 0], [2, 2, 2, 2]]
        let gradient = valueAndGradient(at: [x]) { $0[0].max(axes: [1]).sum() }.gradients[0]
        #expect(gradient.scalars == [0, 0.5, 0.5, 0, 0.25, 0.25, 0.25, 0.25])
    }

    @Test func unusedInputsHaveZeroGradient() {
        let inputs: [Tensor<Double>] = [[1, 2], [[3]]]
        let gradients = valueAndGradient(at: inputs) { ($0[0] * $0[1].detached()).sum() }.gradients
        #expect(gradients.map(\.scalars) == [[3, 3], [0]])
        #expect(gradients.map(\.shape) == [[2], [1, 1]])
    }

    /// The gradient of an empty part is padded to that of the whole.
    @Test func emptyPartsChangeNoGradient() {
        let x: Tensor<Double> = [1, 2, 3]
        let gradients = valueAndGradient(at: [x]) { inputs in
            let parts = inputs[0].split(sizes: [3, 0], axis: 0)
            return parts[0].sum() + parts[1].sum()
        }.gradients
        #expect(gradients[0] == [1, 1, 1])
    }

    /// The gradient check can fail.
    @Test func gradientCheckDetectsAWrongGradient() {
        let check = GradientCheck(at: [.sample([3])]) { x in x[0].squared().detached().recorded(from: x[0]) { $0 } }
        #expect(check.worst > 0.1)
    }
}
