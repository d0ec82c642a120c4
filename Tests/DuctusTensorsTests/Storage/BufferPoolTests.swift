import DuctusTensors
import Testing

/// Run in separate processes, so that the tensors of other tests are not counted.
@Suite struct BufferPoolTests {
    @Test func freedBuffersAreReused() async {
        await #expect(processExitsWith: .success) {
            func fill() { _ = Tensor<Float>.zeros([1000, 1000]) }
            fill()
            let first = BufferPool.shared.usage
            precondition(first.inUse == 0, "\(first)")
            precondition(first.cached >= 4_000_000, "\(first)")
            precondition(first.allocations == 1, "\(first)")
            for _ in 0..<50 { fill() }
            precondition(BufferPool.shared.usage.allocations == 1, "\(BufferPool.shared.usage)")
            // A slightly smaller tensor reuses the buffer; two at a time need a second one.
            _ = Tensor<Float>.zeros([999, 1000])
            precondition(BufferPool.shared.usage.allocations == 1, "\(BufferPool.shared.usage)")
            let pair = [Tensor<Float>.zeros([1000, 1000]), .ones([1000, 1000])]
            precondition(pair[0] != pair[1], "\(BufferPool.shared.usage)")
            precondition(BufferPool.shared.usage.allocations == 2, "\(BufferPool.shared.usage)")
        }
    }

    @Test func trimmingReleasesFreeBuffers() async {
        await #expect(processExitsWith: .success) {
            let kept = Tensor<Double>.ones([100])
            for size in [10, 1000, 100_000] { _ = Tensor<Double>.ones([size]) }
            BufferPool.shared.trim()
            let usage = BufferPool.shared.usage
            precondition(usage.cached == 0, "\(usage)")
            precondition(usage.inUse >= 800, "\(usage)")
            precondition(kept.sum().item() == 100)
        }
    }

    /// Views keep their storage alive, but no longer than they live.
    @Test func storageLivesAsLongAsItsViews() async {
        await #expect(processExitsWith: .success) {
            var view: Tensor<Float>? = Tensor<Float>.ones([1000, 1000]).sliced(3..<5, axis: 0)
            precondition(BufferPool.shared.usage.inUse >= 4_000_000, "\(BufferPool.shared.usage)")
            precondition(view?.sum().item() == 2000)
            view = nil
            precondition(BufferPool.shared.usage.inUse == 0, "\(BufferPool.shared.usage)")
        }
    }

    @Test(arguments: [1, 3, 17, 100, 4097]) func buffersAreAligned(count: Int) {
        let addresses = (0..<4).map { _ in Tensor<UInt8>(repeating: 1, shape: [count]) }.map { tensor in
            tensor.withUnsafeBuffer { UInt(bitPattern: $0.baseAddress) }
        }
        #expect(addresses.allSatisfy { $0 % 64 == 0 })
    }
}
