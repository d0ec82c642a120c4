import Ductus

extension SweepCommand {
    /// What a rank needs to know to train a trial.
    private struct Assignment: Codable {
        let directory: String
        let epochs: Int
    }

    /// Trains the trials on all ranks: rank 0 hands out one after the other to whichever rank is free, and trains along. It
    /// alone knows the sweep.
    func runTogether() throws {
        if processes > 1 { throw UsageError("Every process trains a trial at a time; leave out --processes.") }
        var progress: SweepProgress?
        var failures: [String] = []
        while true {
            var tasks: [SweepProgress.Task] = []
            let assignments = try Job.communicator.fromFirst {
                let known = try progress ?? begin()
                progress = known
                tasks = try known.next()
                return try tasks.map {
                    Assignment(directory: try known.run(of: $0.trial).directory, epochs: $0.epochs)
                }
            }
            if assignments.isEmpty { break }
            try Job.communicator.handOut(assignments.count) { number in
                let child = try start(
                    assignments[number].directory, until: assignments[number].epochs, threads: Threads.count)
                return [ChildProcess.next(of: [child])?.hasSucceeded == true ? 1 : 0]
            } inOrder: { number, bytes in
                guard var known = progress else { return }
                note(tasks[number], bytes == [1], &known, &failures)
                progress = known
            }
        }
        if let progress { try finish(progress, failures) }
    }

    private func begin() throws -> SweepProgress {
        let sweep = try Sweep(contentsOf: file, components: .registered)
        return try SweepProgress(sweep, in: "\(runs)/\(sweep.name)", resumes: resume)
    }
}
