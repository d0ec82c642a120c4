/// The end of a training that is to be resumed later: a callback asked for it, as on a signal, and the state is saved.
public struct TrainingInterruption: Error, Sendable, CustomStringConvertible {
    /// The number of the epoch, from 1, and the number of its batches that are finished.
    public let (epoch, batch): (Int, Int)

    public var description: String {
        "Training was interrupted in epoch \(epoch), after batch \(batch); resume it."
    }
}

extension Callback {
    /// Interrupts training, to be resumed later, as soon as a function returns true.
    ///
    /// `fit` then finishes the step, calls ``atInterruption`` of all callbacks, such as that of
    /// `checkpoints`, and throws ``TrainingInterruption``. On several ranks, any of
    /// them interrupts all.
    public static func interruption(when isInterrupted: @escaping @Sendable () -> Bool) -> Callback {
        Callback(isInterrupted: isInterrupted)
    }
}

extension Model {
    /// Saves what a training is resumed from, and returns the error that ends it.
    func interruption(_ callbacks: [Callback], _ context: Callback.Context) throws -> TrainingInterruption {
        _ = try Job.communicator.fromFirst {
            for callback in callbacks { try callback.atInterruption?(context) }
            return true
        }
        return TrainingInterruption(epoch: context.state.epoch + 1, batch: context.state.batch)
    }
}
