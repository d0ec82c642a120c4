// Times cases on request, so that a driver can take turns between us and others. One line in, one line of JSON out:
//
//     prepare NAME     makes the operands and warms up
//     time SECONDS     a burst of repetitions of the prepared case
//     drop             lets go of the operands
//     peak             floating-point operations a second of multiply-adds in registers
//
// `case-server once NAME STEPS` runs a case a few times in a fresh process and tells what memory that took.
import BenchmarkCases
import CMachine
import Ductus

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

func answer(_ fields: (String, String)...) {
    print("{" + fields.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}")
    fflush(nil)
}

func find(_ name: String) -> Case? {
    let found = Case.all.first { $0.name == name }
    if found == nil { answer(("error", "\"there is no case of this name\"")) }
    return found
}

/// What the first run took, and what the later ones still ask the system for.
func once(_ benchmark: Case, runs: Int) {
    let clock = ContinuousClock()
    let body = benchmark.prepare()
    let first = clock.measure(body)
    // The second run may still find a buffer in use that was free in the first.
    body()
    let (pool, memory) = (BufferPool.shared.usage.allocations, machine_memory_of_process())
    for _ in 0..<runs { body() }
    let after = machine_memory_of_process()
    answer(
        ("first", "\(first / .seconds(1))"), ("poolAllocations", "\(BufferPool.shared.usage.allocations - pool)"),
        ("heapGrowth", "\(Int(after.heap_bytes) - Int(memory.heap_bytes))"),
        ("minorFaults", "\(after.minor_faults - memory.minor_faults)"), ("runs", "\(runs)"),
        ("peakBytes", "\(after.peak_resident_bytes)"))
}

func serve() {
    var prepared: Case.Prepared?
    answer(("name", "\"Ductus\""), ("threads", "\(Threads.count)"))
    while let line = readLine() {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        switch (words.first, words.last) {
        case ("prepare", let name?):
            guard let benchmark = find(name) else { continue }
            prepared = Case.Prepared(benchmark)
            answer(("flops", "\(benchmark.work.flops)"), ("bytes", "\(benchmark.work.bytes)"))
        case ("time", let seconds?):
            guard let burst = prepared?.burst(Double(seconds) ?? 0.3) else {
                answer(("error", "\"nothing is prepared\""))
                continue
            }
            answer(("Ductus", "{\"median\": \(burst.median), \"minimum\": \(burst.minimum)}"))
        case ("drop", _):
            prepared = nil
            BufferPool.shared.trim()
            answer(("dropped", "true"))
        case ("peak", _): answer(("flops", "\(machine_peak_flops(Int32(Threads.count), 0.2))"))
        default: answer(("error", "\"unknown request\""))
        }
    }
}

switch CommandLine.arguments.dropFirst().first {
case "list": for benchmark in Case.all { print(benchmark.name) }
case "once":
    if let benchmark = find(CommandLine.arguments[2]) { once(benchmark, runs: Int(CommandLine.arguments[3]) ?? 5) }
default: serve()
}
