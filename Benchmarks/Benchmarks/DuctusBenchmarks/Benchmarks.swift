import Benchmark
import BenchmarkCases

// Operands are made once, before the measurement; an iteration is one call.
let benchmarks: @Sendable () -> Void = {
    for benchmark in Case.all {
        Benchmark(
            benchmark.name,
            configuration: .init(
                metrics: [.wallClock, .cpuTotal, .peakMemoryResident], warmupIterations: 2, maxDuration: .seconds(1))
        ) { (run: Benchmark, body: () -> Void) in
            for _ in run.scaledIterations { body() }
        } setup: {
            benchmark.prepare()
        }
    }
}
