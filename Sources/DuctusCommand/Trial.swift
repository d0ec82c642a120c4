import ArgumentParser
import Ductus

/// What a sweep starts as a process of its own: training a run until an epoch.
struct Trial: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep-trial", abstract: "Trains a trial of a sweep.", shouldDisplay: false)

    @Argument var directory: String
    @Option var until: Int
    @Flag(inversion: .prefixedNo) var featureCache = true

    func run() throws {
        ChildProcess.endWithParent()
        var run = try Run.open(directory)
        if featureCache { run.features = FeatureStore() }
        // A trial that was started by a sweep which has just been killed ends in a moment.
        for _ in 0..<100 where FileLock.isHeld("\(run.directory)/.lock") { pause(milliseconds: 50) }
        try run.train(callbacks: [.progress(), .pausing(afterEpoch: until)])
    }
}
