import DuctusData
import Synchronization
import Testing

@Suite struct BackgroundTests {
    @Test func resultsWaitForTheWork() {
        let tasks = (0..<20).map { n in Background { (0...n).reduce(0, +) } }
        #expect(tasks.map(\.result) == (0..<20).map { $0 * ($0 + 1) / 2 })
        #expect(tasks[7].result == 28)
        #expect(Background { nil as Int? }.result == nil)
    }

    /// Background work runs on its own thread, whether the pool is busy or not.
    @Test func tensorsAreCorrectOnBothThreads() {
        let a = Tensor<Float>.ones([300, 300])
        let tasks = (0..<4).map { _ in Background { a.matmul(a).sum().item() } }
        for _ in 0..<4 { #expect(a.matmul(a).sum().item() == 27_000_000) }
        #expect(tasks.allSatisfy { $0.result == 27_000_000 })
    }

    @Test func workFinishesThoughItsResultIsUnused() {
        let done = Atomic(false)
        do { _ = Background { done.store(true, ordering: .relaxed) } }
        let isDone = done.load(ordering: .relaxed)
        #expect(isDone)
    }
}
