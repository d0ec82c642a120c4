import Ductus
import Synchronization

struct Small: Network {
    let layers = Sequential {
        Conv2D(1, 6, padding: .same, activation: .relu)
        BatchNorm(6)
        MaxPool2D(2)
        Flatten()
        Dense(54, 16, activation: .relu)
        Dropout(0.2)
        Dense(16, 3)
    }

    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { layers(x) }
}

@main struct Concurrency {
    /// The outputs after every step.
    static let known = Mutex<Set<[Float]>>([])
    static let isDone = Atomic(false)

    static func image(_ seed: Int) -> Tensor<Float> {
        Tensor((0..<36).map { Float(($0 * 7 + seed * 5) % 11) / 11 - 0.5 }, shape: [6, 6, 1])
    }

    static func record(_ network: Small, _ x: Tensor<Float>) {
        let output = network(x).scalars
        known.withLock { _ = $0.insert(output) }
    }

    static func train(_ network: Small, record x: Tensor<Float>) throws {
        defer { isDone.store(true, ordering: .relaxed) }
        let data = ExampleCache(
            examples: (0..<32).map { Example(input: image($0), labels: Tensor(Int32($0 % 3))) },
            names: (0..<32).map { "image \($0)" }, expectation: Expectation(shape: [6, 6, 1], classes: 3))
        let end = ContinuousClock.now + .seconds(Double(CommandLine.arguments[1]) ?? 600)
        var model = Model(network, loss: .softmaxCrossEntropy, optimizer: .adamW(rate: 0.001))
        while ContinuousClock.now < end {
            try model.fit(
                BatchLoader(data, batchSize: 8, shuffles: true), epochs: 5,
                callbacks: [Callback(afterBatch: { _ in record(network, x) })])
        }
    }

    static func main() async throws {
        let x = image(100).expandingShape(at: 0)
        let network = Initialization.seeded(1) { Small() }
        record(network, x)
        let (predictions, seen) = try await withThrowingTaskGroup(of: (Int, Set<[Float]>).self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var (count, seen): (Int, Set<[Float]>) = (0, [])
                    while !isDone.load(ordering: .relaxed) {
                        seen.insert(network.snapshot()({ $0(x) }).scalars)
                        // It may be of several steps, but it is safe.
                        _ = network(x)
                        count += 1
                        await Task.yield()
                    }
                    return (count, seen)
                }
            }
            try train(network, record: x)
            var (predictions, seen): (Int, Set<[Float]>) = (0, [])
            for try await (count, more) in group {
                predictions += count
                seen.formUnion(more)
            }
            return (predictions, seen)
        }
        let steps = known.withLock { $0 }
        let others = seen.subtracting(steps)
        print("\(steps.count) steps; \(predictions) predictions of \(seen.count) steps, \(others.count) of none.")
        precondition(!seen.isEmpty, "Nothing was predicted.")
        precondition(others.isEmpty, "Predictions are of no complete step.")
    }
}
