import ArgumentParser
import Ductus

/// A command that several ranks run together.
protocol DistributedCommand: ParsableCommand {}

extension DuctusCommand {
    /// Refuses commands that all ranks would do on their own.
    static func checkRanks(_ command: any ParsableCommand) throws(UsageError) {
        guard Job.communicator.size > 1, !(command is any DistributedCommand) else { return }
        throw UsageError("This command runs in one process; start it without mpirun or srun.")
    }

    /// Reports an error and exits. Of several ranks, the first reports what all of them know; of another error, the rank
    /// reports that has it, and ends the job.
    static func end(with error: any Error, isKnownToAll: Bool) -> Never {
        let communicator = Job.communicator
        let isKnown = isKnownToAll || error is JobError || error is TrainingError || error is TrainingInterruption
        let cause = (error as? JobError)?.underlying ?? error
        let status = status(of: cause)
        if communicator.isFirst {
            guard status != 0 else { exit(withError: error) }
            report(message(of: cause))
        } else if !isKnown {
            // Most errors are the same on all ranks, and this sentence then comes too late.
            pause(seconds: 1)
            report("ductus: rank \(communicator.rank): \(cause)")
        }
        if communicator.size > 1, !isKnown { communicator.abort(status: status) }
        stop(status)
    }

    /// The exit status: 2 for invalid usage, 75 (`EX_TEMPFAIL`) for what can be resumed, otherwise 1.
    private static func status(of error: any Error) -> Int32 {
        if exitCode(for: error) == .success { return 0 }
        return isUsage(error) ? 2 : error is TrainingInterruption ? 75 : 1
    }

    private static func message(of error: any Error) -> String {
        guard isUsage(error) else { return "ductus: \(error)" }
        let usage = (error as? UsageError).map { ValidationError($0.description) }
        return fullMessage(for: usage ?? error)
    }

    /// Whether the arguments are invalid, rather than the files that they name.
    private static func isUsage(_ error: any Error) -> Bool {
        exitCode(for: error) == .validationFailure || error is ValidationError || error is UsageError
            || error is LanguageError
    }
}
