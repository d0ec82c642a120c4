import DuctusAutograd
import DuctusTestSupport
import Testing

/// Forward and backward passes of every tensor operation against PyTorch. The golden values are exact to half a unit in
/// the last place of Float, so the tolerances only allow for a few roundings of our own.
@Suite struct TensorGoldenTests {
    /// Gradients computed from outputs, such as 1 − tanh², lose a digit where the output is close to 1.
    @Test(arguments: try Goldens.cases("elementwise"))
    func elementwiseOperationsMatchPyTorch(golden: GoldenCase) throws {
        let unary: [String: (Tensor<Float>) -> Tensor<Float>] = [
            "exp": { $0.exp() }, "log": { $0.log() }, "tanh": { $0.tanh() }, "sigmoid": { $0.sigmoid() },
            "relu": { $0.relu() }, "sqrt": { $0.squareRoot() }, "square": { $0.squared() },
            "abs": { $0.magnitude() }, "negate": { -$0 }, "gelu": { $0.gelu() },
        ]
        let binary: [String: (Tensor<Float>, Tensor<Float>) -> Tensor<Float>] = [
            "add": { $0 + $1 }, "subtract": { $0 - $1 }, "multiply": { $0 * $1 }, "divide": { $0 / $1 },
        ]
        if let function = unary[golden.operation] {
            #expect(try golden.disagreements(of: ["input"], tolerance: 1e-5) { function($0[0]) } == [])
        } else {
            let function = try #require(binary[golden.operation])
            #expect(try golden.disagreements(of: ["left", "right"], tolerance: 1e-5) { function($0[0], $0[1]) } == [])
        }
    }

    @Test(arguments: try Goldens.cases("reductions"))
    func reductionsMatchPyTorch(golden: GoldenCase) throws {
        let (axes, keep) = (golden.integers("axes"), golden.flag("keep"))
        let functions: [String: (Tensor<Float>) -> Tensor<Float>] = [
            "sum": { $0.sum(axes: axes, keepingDimensions: keep) },
            "mean": { $0.mean(axes: axes, keepingDimensions: keep) },
            "max": { $0.max(axes: axes, keepingDimensions: keep) },
        ]
        let function = try #require(functions[golden.operation])
        #expect(try golden.disagreements(of: ["input"], tolerance: 1e-6) { function($0[0]) } == [])
    }

    @Test(arguments: try Goldens.cases("matmul"))
    func matmulMatchesPyTorch(golden: GoldenCase) throws {
        let (flipLeft, flipRight) = (golden.flag("transpose_left"), golden.flag("transpose_right"))
        let found = try golden.disagreements(of: ["left", "right"], tolerance: 2e-6) {
            (flipLeft ? $0[0].transposed() : $0[0]).matmul(flipRight ? $0[1].transposed() : $0[1])
        }
        #expect(found == [])
    }

    @Test(arguments: try Goldens.cases("softmax"))
    func softmaxMatchesPyTorch(golden: GoldenCase) throws {
        let axis = golden.integer("axis")
        let found = try golden.disagreements(of: ["input"], tolerance: 2e-6) {
            golden.operation == "softmax" ? $0[0].softmax(axis: axis) : $0[0].logSoftmax(axis: axis)
        }
        #expect(found == [])
    }

    /// Moving elements involves no rounding, so the tolerance is 0.
    @Test(arguments: try Goldens.cases("shapes"))
    func shapeOperationsMatchPyTorch(golden: GoldenCase) throws {
        let function: ([Tensor<Float>]) -> Tensor<Float> =
            switch golden.name {
            case "reshape.of_transpose": { $0[0].transposed().reshaped(to: Shape(golden.integers("shape"))) }
            case _ where golden.operation == "reshape": { $0[0].reshaped(to: Shape(golden.integers("shape"))) }
            case _ where golden.operation == "flatten": { $0[0].flattened(from: golden.integer("axis")) }
            case _ where golden.operation == "transpose": { $0[0].permuted(golden.integers("axes")) }
            case _ where golden.operation == "concatenate": { .concatenated($0, axis: golden.integer("axis")) }
            case _ where golden.operation == "slice":
                {
                    zip(golden.integers("start"), golden.integers("end")).enumerated().reduce($0[0]) {
                        $0.sliced($1.element.0..<$1.element.1, axis: $1.offset)
                    }
                }
            default:
                {
                    zip(golden.integers("before"), golden.integers("after")).enumerated().reduce($0[0]) {
                        $0.padded(before: $1.element.0, after: $1.element.1, axis: $1.offset)
                    }
                }
            }
        let inputs = golden.present("input", "first", "second", "third")
        #expect(try golden.disagreements(of: inputs, tolerance: 0, function) == [])
    }
}
