import Foundation
import Testing

/// The program in use: it trains, is killed, resumes, and evaluates.
@Suite struct OwnNetworkTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("own-network-\(UUID())")
    private let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Starts the program, which is built next to the tests.
    private func program(
        _ arguments: String..., named name: String = "own-network"
    ) throws -> (process: Process, output: Pipe) {
        let (process, output) = (Process(), Pipe())
        process.executableURL = Bundle.main.bundleURL.appendingPathComponent(name)
        process.arguments = arguments
        process.standardOutput = output
        process.environment = ["DUCTUS_FEATURES": folder.appendingPathComponent("features").path]
        try process.run()
        return (process, output)
    }

    private func result(of program: (process: Process, output: Pipe)) throws -> (status: Int32, output: String) {
        let data = program.output.fileHandleForReading.readDataToEndOfFile()
        program.process.waitUntilExit()
        return (program.process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    @Test func trainsIsKilledGoesOnAndIsMeasured() throws {
        let configuration = package.appendingPathComponent("configuration.json").path
        let runs = folder.appendingPathComponent("runs")
        let training = try program("train", configuration, "--runs", runs.path)
        // Killed as soon as there is a checkpoint to resume from.
        var run: URL?
        let deadline = Date.now + 120
        while run == nil, Date.now < deadline {
            Thread.sleep(forTimeInterval: 0.01)
            run = try? FileManager.default.contentsOfDirectory(at: runs, includingPropertiesForKeys: nil).first {
                FileManager.default.fileExists(atPath: $0.appendingPathComponent("last.safetensors").path)
            }
        }
        kill(training.process.processIdentifier, SIGKILL)
        training.process.waitUntilExit()

        let directory = try #require(run?.path)
        let resumed = try result(of: program("train", "--resume", directory))
        #expect(resumed.status == 0)
        #expect(resumed.output == directory + "\n")

        let measured = try result(of: program("evaluate", "orientation", "--weights", directory, "--json"))
        let figures = try #require(
            JSONSerialization.jsonObject(with: Data(measured.output.utf8)) as? [String: Double])
        #expect(figures["samples"] == 800)
        #expect(try #require(figures["accuracy"]) > 0.9)
        try FileManager.default.removeItem(at: folder)
    }

    @Test func aLoopOfItsOwnGoesOnExactly() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent("first.safetensors").path
        let (status, output) = try result(of: program(file, named: "first-use"))
        #expect(status == 0)
        let parts = try #require(output.wholeMatch(of: /loss (.+); resumed exactly\n/), "\(output)")
        #expect(try #require(Float(parts.1)) < 0.02)
        try FileManager.default.removeItem(at: folder)
    }

    @Test func mistakesNameTheKey() throws {
        let configuration = package.appendingPathComponent("configuration.json").path
        for change in ["network.filters=0", "network.width=3", "data.kind=iam", "data.kind.blur=1"] {
            let refused = try result(
                of: program("train", configuration, "--set", change, "--runs", folder.appendingPathComponent("x").path))
            #expect(refused.status == 1, "\(change)")
        }
    }
}
