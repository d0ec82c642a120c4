import DuctusTensors
import Testing

/// Programming errors trap with a message that says what was expected and what was given.
@Suite struct TensorTrapTests {
    static func message(_ result: ExitTest.Result?) -> String {
        String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }

    @Test func matmulNamesBothShapes() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.zeros([2, 3]).matmul(.zeros([4, 5]))
        }
        #expect(Self.message(result).contains("matmul: shapes [2, 3] and [4, 5] do not match"))
    }

    @Test func broadcastingNamesShapesAndAxis() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.zeros([2, 3]) + Tensor<Float>.zeros([2, 4])
        }
        #expect(Self.message(result).contains("Shapes [2, 3] and [2, 4] do not broadcast: axis 1 has extents 3 and 4."))
    }

    @Test func reshapeNamesBothShapes() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.zeros([2, 3]).reshaped(to: [4, -1])
        }
        #expect(Self.message(result).contains("Shape [2, 3] cannot be reshaped to [4, -1]."))
    }

    @Test func extentsOfReshapingAreNotNegative() async {
        let both = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.zeros([6]).reshaped(to: [-2, -3])
        }
        #expect(
            Self.message(both).contains(
                "Shape [6] cannot be reshaped to [-2, -3]; extents must not be negative, except for one -1."))
        let free = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.zeros([6]).reshaped(to: [-1, -1, 6])
        }
        #expect(Self.message(free).contains("Shape [6] cannot be reshaped to [-1, -1, 6]"))
    }

    @Test func reshapingToTooManyElementsNamesTheShape() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.zeros([6]).reshaped(to: [1 << 40, 1 << 40, -1])
        }
        #expect(Self.message(result).contains("has too many elements to exist."))
    }

    @Test func extentsOfBroadcastingAreNotNegative() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.ones([1, 4]).broadcast(to: [-1, 4])
        }
        #expect(Self.message(result).contains("Shape [1, 4] does not broadcast to [-1, 4]."))
    }

    @Test func sliceNamesRangeAndShape() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.zeros([2, 3]).sliced(1..<4, axis: -1)
        }
        #expect(Self.message(result).contains("Range 1..<4 is out of range for axis 1 of shape [2, 3]."))
    }

    @Test func indexNamesIndexAndShape() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.zeros([2, 3])[0, 3]
        }
        #expect(Self.message(result).contains("Index [0, 3] is out of range for shape [2, 3]."))
    }

    @Test func creationNamesBothCounts() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>([1, 2, 3], shape: [2, 2])
        }
        #expect(Self.message(result).contains("Shape [2, 2] holds 4 elements; got 3."))
    }

    @Test func rangesOfTooManyElementsAreNamed() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.arange(0, 1e30)
        }
        #expect(Self.message(result).contains("arange from 0.0 to 1e+30 by 1.0 has 1e+30 elements"))
    }

    @Test func positionsOfAxesAreChecked() async {
        let inserted = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var shape: Shape = [2, 3]
            shape.insert(1, at: 4)
        }
        #expect(Self.message(inserted).contains("A new axis cannot be inserted at position 4 of shape [2, 3]."))
        let removed = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var shape: Shape = [2, 3]
            shape.remove(at: 2)
        }
        #expect(Self.message(removed).contains("Axis 2 is out of range for shape [2, 3]."))
    }

    @Test func axesAreChecked() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor<Float>.zeros([2, 3]).sum(axes: [2])
        }
        #expect(Self.message(result).contains("Axis 2 is out of range for shape [2, 3]."))
    }
}
