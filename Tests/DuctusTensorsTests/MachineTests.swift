import DuctusTensors
import Testing

@Suite struct MachineTests {
    @Test(arguments: [
        ("OpenBLAS 0.3.21 Prescott", "x86-64-v4", true), ("OpenBLAS 0.3.21 Prescott", "portable", false),
        ("OpenBLAS 0.3.21 SkylakeX", "x86-64-v4", false), ("OpenBLAS 0.3.21 Zen", "x86-64-v3", false),
        ("OpenBLAS 0.3.21 Nehalem", "x86-64-v3", true),
    ])
    func aBLASOfAnotherProcessorIsBehind(blas: String, instructionSet: String, expected: Bool) {
        #expect(Machine.isBehind(blas: blas, instructionSet: instructionSet) == expected)
    }

    /// However the matrices lie in memory, and whatever multiplies them.
    @Test(arguments: [[4, 16, 512], [33, 40, 50], [64, 17, 70]]) func productsOfTransposedMatrices(sizes: [Int]) {
        let (m, n, k) = (sizes[0], sizes[1], sizes[2])
        var random = RandomStream(seed: 1)
        let (a, b) = (
            Tensor<Float>.uniform([3, m, k], using: &random), Tensor<Float>.uniform([3, k, n], using: &random)
        )
        let expected = a.matmul(b)
        let (left, right) = (a.transposed(1, 2).dense().transposed(1, 2), b.transposed(1, 2).dense().transposed(1, 2))
        for product in [left.matmul(b), a.matmul(right), left.matmul(right)] {
            #expect((product - expected).magnitude().scalars.allSatisfy { $0 < 1e-4 })
        }
    }
}
