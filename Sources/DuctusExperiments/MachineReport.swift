#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The machine as far as it matters to training: libraries, processors, memory, and the rate of matrix products.
public struct MachineReport: Sendable, Codable, Equatable {
    /// The BLAS library, with the processor that its kernels were chosen for.
    public let blas: String
    /// The instruction set of the other kernels.
    public let instructionSet: String
    /// The number of processors.
    public let processors: Int
    /// The number of threads.
    public let threads: Int
    /// The memory of the machine in bytes.
    public let memory: Int
    /// The memory that programs can still get, in bytes; nil if the system does not tell.
    public let availableMemory: Int?
    /// Floating-point operations per second of a matrix product on one thread, in units of 10⁹.
    public let rateOfOneThread: Double
    /// The same on all threads.
    public let rate: Double

    /// Measures the machine, which takes about a second.
    public init() {
        (blas, instructionSet) = (Machine.blas, Machine.instructionSet)
        (processors, threads) = (ProcessInfo.processInfo.activeProcessorCount, Threads.count)
        memory = Int(ProcessInfo.processInfo.physicalMemory)
        availableMemory = Self.availableMemory
        defer { Threads.count = threads }
        Threads.count = 1
        rateOfOneThread = Self.measuredRate()
        Threads.count = threads
        rate = threads > 1 ? Self.measuredRate() : rateOfOneThread
    }

    /// What is wrong, or could be better, one sentence each.
    public var problems: [String] {
        var sentences: [String] = []
        if threads > processors {
            sentences.append(
                "There are \(threads) threads for \(processors) processors; set DUCTUS_NUM_THREADS to at most that.")
        }
        if Machine.isBehind(blas: blas, instructionSet: instructionSet) {
            sentences.append(
                "\(blas) does not know this processor; install another build of OpenBLAS, or set OPENBLAS_CORETYPE="
                    + "\(instructionSet == "x86-64-v4" ? "SkylakeX" : "Haswell").")
        }
        if threads > 1, threads <= processors, rate < 0.6 * Double(threads) * rateOfOneThread {
            sentences.append(
                "Matrix products on \(threads) threads are only \((rate / rateOfOneThread * 10).rounded() / 10) times as"
                    + " fast as on one; other programs may be using the processors.")
        }
        if let availableMemory, availableMemory < 1 << 30 {
            sentences.append("Less than a gigabyte of memory is available; end other programs.")
        }
        return sentences
    }

    /// The best of several products of two matrices of 768 × 768.
    private static func measuredRate() -> Double {
        let side = 768
        var random = RandomStream(seed: 1)
        let a = Tensor<Float>.uniform([side, side], using: &random)
        let b = Tensor<Float>.uniform([side, side], using: &random)
        let clock = ContinuousClock()
        var best = Duration.seconds(3600)
        let start = clock.now
        for _ in 0..<12 where clock.now - start < .seconds(2) {
            best = min(best, clock.measure { _ = a.matmul(b) })
        }
        return 2 * Double(side * side * side) / (best / .seconds(1)) / 1e9
    }

    private static var availableMemory: Int? {
        guard let bytes = try? File.readBytes("/proc/meminfo", maximumBytes: 1 << 20) else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
            .flatMap { $0.split { !$0.isNumber }.first }.flatMap { Int($0) }.map { $0 * 1024 }
    }
}
