import DuctusTensors
import DuctusTestSupport
import Testing

@Suite struct TensorCreationTests {
    @Test func rangesRunUpAndDown() {
        #expect(Tensor<Int32>.arange(4) == [0, 1, 2, 3])
        #expect(Tensor<Int32>.arange(0, 10, step: 3) == [0, 3, 6, 9])
        #expect(Tensor<Int32>.arange(3, -4, step: -3) == [3, 0, -3])
        #expect(Tensor<Int32>.arange(3, 0).shape == [0])
        #expect(Tensor<UInt8>.arange(250, 255, step: 2) == [250, 252, 254])
        #expect(Tensor<Float>.arange(0, 1, step: 0.25) == [0, 0.25, 0.5, 0.75])
        #expect(Tensor<Float>.arange(2.5) == [0, 1, 2])
        #expect(Tensor<Double>.arange(1, 0, step: -0.5) == [1, 0.5])
        #expect(Tensor<Double>.arange(0, 1, step: 0.1).count == 10)
        #expect(Tensor<Float>.linspace(0, 1, count: 5) == [0, 0.25, 0.5, 0.75, 1])
        #expect(Tensor<Float>.linspace(2, 3, count: 1) == [2])
        #expect(Tensor<Float>.linspace(0, 1, count: 0).shape == [0])
        #expect(Tensor<Double>.linspace(0.1, 0.7, count: 7).scalars.last == 0.7)
        #expect(Tensor<Int32>.eye(2) == [[1, 0], [0, 1]])
        #expect(Tensor<Float>(diagonal: [[1, 2]]) == [[[1, 0], [0, 2]]])
        #expect(Tensor<Bool>(diagonal: [true, true], offset: -1).nonzeroIndices() == [[1, 0], [2, 1]])
    }

    // MARK: Casting

    /// Every pair of element types, in both directions, with more elements than one task.
    @Test func everyTypeConvertsToEveryOther() {
        func check<A: TensorScalar, B: TensorScalar>(_ a: [A], _ b: [B]) {
            #expect(Tensor<B>(Tensor(a)) == Tensor(b), "\(A.self) to \(B.self)")
            #expect(Tensor<A>(Tensor(b)) == Tensor(a), "\(B.self) to \(A.self)")
            let many = Tensor((0..<40_000).map { a[$0 * 7 % a.count] }, shape: [200, 200])
            let expected = Tensor((0..<40_000).map { b[$0 * 7 % b.count] }, shape: [200, 200])
            #expect(Tensor<B>(many.transposed()) == expected.transposed())
        }
        let (floats, doubles): ([Float], [Double]) = ([0, 1, 200, -3], [0, 1, 200, -3])
        let (integers, bytes, truths): ([Int32], [UInt8], [Bool]) = ([0, 1, 200, -3], [0, 1, 200], [false, true])
        check(floats, doubles)
        check(floats, integers)
        check(doubles, integers)
        check(Array(floats.dropLast()), bytes)
        check(Array(doubles.dropLast()), bytes)
        check(Array(integers.dropLast()), bytes)
        check(Array(floats.prefix(2)), truths)
        check(Array(doubles.prefix(2)), truths)
        check(Array(integers.prefix(2)), truths)
        check(Array(bytes.prefix(2)), truths)
    }

    @Test func fractionsTruncateAndNonzeroIsTrue() {
        let x: Tensor<Double> = [-1.9, -0.5, 0.5, 255.9, 2_147_483_647.9, -2_147_483_648.9]
        #expect(Tensor<Int32>(x).scalars == [-1, 0, 0, 255, .max, .min])
        #expect(Tensor<UInt8>(x[1...3]) == [0, 0, 255])
        #expect(Tensor<Int32>([-2_147_483_648, 2_147_483_520] as Tensor<Float>).scalars == [.min, 2_147_483_520])
        #expect(Tensor<Bool>(Tensor<Float>([0, -0.0, 0.1, -.infinity, .nan])) == [false, false, true, true, true])
        #expect(Tensor<Float>(Tensor<Double>([1e300, -1e300])).scalars == [.infinity, -.infinity])
        #expect(Tensor<Bool>([256, 0] as Tensor<Int32>) == [true, false])
        #expect(Tensor<Float>(Tensor<Int32>.zeros([0, 2])).shape == [0, 2])
    }
}
