import CDuctusKernels
import DuctusAutograd
import DuctusTestSupport
import Testing

/// Tests that change process-wide settings: they run one at a time and restore the settings. (Other tests may run at the
/// same time; they depend on the number of threads only through time. Instruction sets lay out packed weights differently, so
/// that those are changed in processes of their own.)
@Suite(.serialized) enum ProcessWideTests {
    /// Runs `body` on one instruction set, then returns to the fastest, the default.
    static func onInstructionSet<Result>(_ index: Int, _ body: () throws -> Result) rethrows -> Result {
        ductus_select_instruction_set(index)
        defer { ductus_select_instruction_set(ductus_instruction_sets() - 1) }
        return try body()
    }

    @Suite struct ThreadCountTests {
        /// Sums must not depend on the number of threads.
        @Test(arguments: Workload.all) func resultsAreBitIdentical(workload: Workload) {
            let all = [1, 2, 3, 7].map { count in
                onThreads(count) {
                    #expect(Threads.count == count)
                    return workload.results().map { $0.scalars.map(\.bitPattern) }
                }
            }
            for (count, results) in zip([2, 3, 7], all.dropFirst()) {
                #expect(results == all[0], "\(count) threads")
            }
        }

        @Test(arguments: [1, 2, 5]) func everyTaskRunsOnce(threads: Int) {
            for count in [0, 1, 2, 1000] {
                var runs = Tensor<Int32>(repeating: 0, shape: [count])
                onThreads(threads) {
                    runs.withUnsafeMutableBuffer { runs in
                        parallel(count) { task in parallel(1) { _ in runs[task] += 1 } }
                    }
                }
                #expect(runs.scalars.allSatisfy { $0 == 1 })
                var covered = Tensor<Int32>(repeating: 0, shape: [count])
                onThreads(threads) {
                    covered.withUnsafeMutableBuffer { covered in
                        parallelRanges(count, grain: 7) { for i in $0 { covered[i] += 1 } }
                    }
                }
                #expect(covered.scalars.allSatisfy { $0 == 1 })
            }
        }
    }

    /// Each test in its own process: instruction sets round differently, and other tests compare bits.
    @Suite struct InstructionSetTests {
        @Test(arguments: Workload.all.indices) func instructionSetsAgree(number: Int) async {
            await #expect(processExitsWith: .success) { [number] in
                let workload = Workload.all[number]
                let portable = ProcessWideTests.onInstructionSet(0) { workload.results() }
                for index in 1..<max(1, ductus_instruction_sets()) {
                    let results = ProcessWideTests.onInstructionSet(index) { workload.results() }
                    for (a, b) in zip(results, portable) {
                        #expect(disagreement(of: a, with: b, tolerance: workload.tolerance) == nil, "\(workload)")
                    }
                }
            }
        }

        @Test(arguments: 0..<ductus_instruction_sets()) func tablesAreSelected(index: Int) async {
            await #expect(processExitsWith: .success) { [index] in
                let names = ProcessWideTests.onInstructionSet(index) {
                    [Float.kernels.name, Double.kernels.name].map { String(cString: $0) }
                }
                let name = ["portable", "x86-64-v3", "x86-64-v4"][index]
                #expect(names == [name, name])
            }
        }

        @Test func unknownInstructionSetsFallBackToPortable() async {
            await #expect(processExitsWith: .success) {
                let name = ProcessWideTests.onInstructionSet(99) { String(cString: Float.kernels.name) }
                #expect(name == "portable")
            }
        }
    }
}
