import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

/// Training that is killed, or runs out of disk space, loses nothing.
@Suite struct TrainSafetyTests {
    private let folder: TemporaryFolder
    private let configuration: String

    init() throws {
        folder = try TemporaryFolder()
        configuration = folder.file("tiny.json")
        try TinyLines.write(to: folder.file("data"))
        var experiment = try TinyLines.experiment(directory: folder.file("data"), epochs: 30)
        experiment.training.checkpointEvery = 1
        experiment.training.trackers = ["tensorBoard"]
        try folder.write(experiment.text, to: "tiny.json")
    }

    private func start(_ arguments: String...) throws -> Ductus.Run { try Ductus.Run(["train"] + arguments) }

    /// The run in a directory, when it has a checkpoint.
    private func waitForRun(in runs: String) throws -> String {
        for _ in 0..<60_000 {
            if let name = File.names(in: runs).first, File.exists("\(runs)/\(name)/\(Checkpoint.lastName)") {
                return "\(runs)/\(name)"
            }
            Ductus.pause(milliseconds: 1)
        }
        throw FileError(file: runs, reason: .missing)
    }

    private func tensors(_ run: String) throws -> [String: Tensor<Float>] {
        let checkpoint = try Checkpoint(contentsOf: "\(run)/\(Checkpoint.lastName)")
        return try Dictionary(
            uniqueKeysWithValues: checkpoint.archive.names.map { ($0, try checkpoint.archive.tensor($0)) })
    }

    /// What was measured, without the speed.
    private func losses(_ run: String) throws -> [Double] { try RunSummary(run).steps.map(\.loss) }

    /// The uninterrupted run.
    private func whole() throws -> String {
        #expect(try start(configuration, "--runs", folder.file("whole")).wait().status == 0)
        return try waitForRun(in: folder.file("whole"))
    }

    /// `DUCTUS_KILLS` sets the number of kills.
    @Test func killedRunsEqualUninterruptedOnes() throws {
        let whole = try whole()
        let runs = folder.file("killed")
        var training = try start(configuration, "--runs", runs)
        let run = try waitForRun(in: runs)
        var random = RandomStream(seed: 1)
        for _ in 0..<(File.environment("DUCTUS_KILLS").flatMap { Int($0) } ?? 6) {
            Ductus.pause(milliseconds: Int(random.next() % 150))
            training.kill()
            #expect(throws: Never.self) { try Checkpoint(contentsOf: "\(run)/\(Checkpoint.lastName)") }
            #expect(throws: Never.self) { try RunSummary(run) }
            training = try start("--resume", run)
        }
        let end = training.wait()
        #expect(end.status == 0, "\(end)")
        #expect(try tensors(run) == tensors(whole))
        #expect(try losses(run) == losses(whole))
        #expect(try sentLines(run) == sentLines(whole))
    }

    /// The numbers of lines that the event file has.
    private func sentLines(_ run: String) throws -> JSONText? {
        let names = File.names(in: run).filter { $0.hasPrefix("events.out.tfevents.") }
        #expect(names.count == 1)
        let deliveries = try JSONText(parsing: File.readBytes("\(run)/trackers.json"))
        let size = names.first.flatMap { File.size("\(run)/\($0)") }
        #expect(deliveries[path: "tensorBoard.memory.bytes"]?.string.flatMap { Int($0) } == size)
        #expect(deliveries[path: "tensorBoard.hasEnded"] == .boolean(true))
        return deliveries[path: "tensorBoard.lines"]
    }

    #if os(Linux)
        @Test(.enabled(if: SmallDisk.isPossible, "needs the right to mount a file system"))
        func aFullDiskKeepsThePreviousCheckpoint() throws {
            let whole = try whole()
            let runs = folder.file("small")
            let disk = try SmallDisk(at: runs, kilobytes: 4096)
            defer { disk.unmount() }
            let training = try start(configuration, "--runs", runs)
            let run = try waitForRun(in: runs)
            // Another program fills the disk.
            var size = 4096 << 10
            while size > 0 {
                if (try? File.write([UInt8](repeating: 1, count: size), to: "\(runs)/filler\(size)")) == nil {
                    size /= 2
                }
            }
            let end = training.wait()
            #expect(end.status == 1, "\(end)")
            #expect(end.errors.contains("the disk is full; make room, then resume the run \(run)"), "\(end)")
            #expect(throws: Never.self) { try Checkpoint(contentsOf: "\(run)/\(Checkpoint.lastName)") }
            try disk.resize(kilobytes: 8192)
            #expect(try start("--resume", run).wait().status == 0)
            #expect(try tensors(run) == tensors(whole))
            #expect(try losses(run) == losses(whole))
        }
    #endif
}
